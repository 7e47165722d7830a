import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { removeSource, type Source } from '../../data/sources';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useToasts } from '../../parts/toasts';

/** Asks before a source is removed, and says what becomes of its contacts. */
export function useSourceRemoval(options: { tenant: string; removed?: () => Promise<void> }): {
  ask: (source: Source) => void;
  dialog: ReactNode;
} {
  const { tenant, removed } = options;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const [asked, setAsked] = useState<Source | null>(null);
  const name = asked?.name ?? '';
  const dialog = asked && (
    <ConfirmDialog
      close={() => setAsked(null)}
      confirmation={{
        title: t('source.remove.title', { name }),
        text: t('source.remove.text'),
        consequences: [t('source.remove.contacts'), t('source.remove.schedule')],
        verb: t('source.remove.verb'),
        isDangerous: true,
        act: async () => {
          await removeSource(tenant, asked.id);
          await removed?.();
          toasts.done(t('source.removed', { name }));
          client.removeQueries({ queryKey: ['source', tenant, asked.id] });
          await client.invalidateQueries({ queryKey: ['sources', tenant] });
        },
      }}
    />
  );
  return { ask: setAsked, dialog };
}
