import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Publication, removePublication } from '../../data/publications';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/confirm';
import { useToasts } from '../../parts/toasts';
import { useAsked } from '../../parts/useAsked';

/** Asks before a publication is removed. */
export function usePublicationRemoval(options: { tenant: string; removed?: () => Promise<void> }): {
  ask: (publication: Publication) => void;
  dialog: ReactNode;
} {
  const { tenant, removed } = options;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const act = async (publication: Publication): Promise<void> => {
    await removePublication(tenant, publication);
    await removed?.();
    toasts.done(t('publication.removed', { title: publication.title }));
    client.removeQueries({ queryKey: ['publication', tenant, publication.id] });
    client.removeQueries({ queryKey: ['entries', tenant, publication.id] });
    await client.invalidateQueries({ queryKey: ['publications', tenant] });
  };
  return useAsked((publication, close) => (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t('publication.remove.title', { title: publication.title }),
        text: t('publication.remove.text'),
        consequences: [t('publication.remove.pages'), t('publication.remove.stays')],
        verb: t('publication.remove.verb'),
        isDangerous: true,
        act: () => act(publication),
      }}
    />
  ));
}
