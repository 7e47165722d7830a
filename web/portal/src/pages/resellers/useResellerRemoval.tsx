import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Reseller, removeReseller } from '../../data/resellers';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useToasts } from '../../parts/toasts';

/** Asks before a reseller is removed. */
export function useResellerRemoval(removed?: () => Promise<void>): {
  ask: (reseller: Reseller) => void;
  dialog: ReactNode;
} {
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const [asked, setAsked] = useState<Reseller | null>(null);
  const name = asked?.name ?? '';
  const dialog = asked && (
    <ConfirmDialog
      close={() => setAsked(null)}
      confirmation={{
        title: t('reseller.remove.title', { name }),
        text: t('reseller.remove.text'),
        verb: t('reseller.remove.verb'),
        isDangerous: true,
        act: async () => {
          await removeReseller(asked.id);
          await removed?.();
          toasts.done(t('reseller.removed', { name }));
          client.removeQueries({ queryKey: ['reseller', asked.id] });
          await client.invalidateQueries({ queryKey: ['resellers'] });
        },
      }}
    />
  );
  return { ask: setAsked, dialog };
}
