import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { fieldsOfTenant, type Tenant, updateTenant } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useToasts } from '../../parts/toasts';

/** Switches a tenant off, after asking, and on again. */
export function useTenantSwitch(): { flip: (tenant: Tenant) => void; dialog: ReactNode } {
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const [asked, setAsked] = useState<Tenant | null>(null);
  const name = asked?.name ?? '';

  const set = async (tenant: Tenant, is_disabled: boolean): Promise<void> => {
    const base = fieldsOfTenant(tenant);
    const fields = { ...base, is_disabled };
    try {
      await updateTenant(tenant.id, { revision: tenant.revision, base, fields });
    } finally {
      await client.invalidateQueries({ queryKey: ['tenants'] });
      await client.invalidateQueries({ queryKey: ['tenant', tenant.id] });
    }
    const key = is_disabled ? 'tenants.switched_off' : 'tenants.switched_on';
    toasts.done(t(key, { name: tenant.name }));
  };
  const dialog = asked && (
    <ConfirmDialog
      close={() => setAsked(null)}
      confirmation={{
        title: t('tenants.switch_off.title', { name }),
        text: t('tenants.switch_off.text'),
        verb: t('tenants.switch_off'),
        isDangerous: true,
        act: () => set(asked, true),
      }}
    />
  );
  return {
    flip(tenant) {
      if (tenant.is_disabled) set(tenant, false).catch(toasts.failed);
      else setAsked(tenant);
    },
    dialog,
  };
}
