import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Grant, grantsChanged, removeGrant } from '../../data/grants';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/confirm';
import { useToasts } from '../../parts/toasts';
import { useAsked } from '../../parts/useAsked';
import type { Scopes } from './useScopes';

/** A role that somebody is to lose, and what they are called. */
interface About {
  grant: Grant;
  name: string;
}

/** Asks before a role is taken away. */
export function useGrantRemoval(
  tenant: string,
  scopes: Scopes,
): { ask: (about: About) => void; dialog: ReactNode } {
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  return useAsked<About>(({ grant, name }, close) => {
    const role = t(`role.${grant.role}`);
    return (
      <ConfirmDialog
        close={close}
        confirmation={{
          title: t('grants.remove', { role }),
          text: t('grants.remove.text', { name, role, scope: scopes.nameOf(grant.scope) }),
          verb: t('grants.remove.verb'),
          isDangerous: true,
          act: async () => {
            await removeGrant(tenant, grant.id);
            toasts.done(t('grants.removed'));
            await grantsChanged(client, tenant);
          },
        }}
      />
    );
  });
}
