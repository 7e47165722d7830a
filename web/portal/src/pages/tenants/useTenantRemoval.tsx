import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { removeTenant, type Tenant } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useToasts } from '../../parts/toasts';

/** Asks, by its name, before a tenant is removed. */
export function useTenantRemoval(removed?: () => Promise<void>): {
  ask: (tenant: Tenant) => void;
  dialog: ReactNode;
} {
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const [asked, setAsked] = useState<Tenant | null>(null);
  const name = asked?.name ?? '';
  const dialog = asked && (
    <ConfirmDialog
      close={() => setAsked(null)}
      confirmation={{
        title: t('tenant.remove.title', { name }),
        text: t('tenant.remove.text'),
        consequences: [
          t('tenant.remove.contacts'),
          t('tenant.remove.users'),
          t('tenant.remove.pages'),
        ],
        verb: t('tenant.remove.verb'),
        typed: name,
        isDangerous: true,
        act: async () => {
          await removeTenant(asked.id);
          await removed?.();
          toasts.done(t('tenant.removed', { name }));
          client.removeQueries({ queryKey: ['tenant', asked.id] });
          await client.invalidateQueries({ queryKey: ['tenants'] });
        },
      }}
    />
  );
  return { ask: setAsked, dialog };
}
