import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSession } from '../../app/session';
import { createTenant, NO_TENANT } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { Form, useForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { settledTenant } from '../settings/rules';
import { useTenantSpec } from '../settings/spec';

/** Makes a tenant; what a reseller makes is its own. */
export function NewTenantPage(): ReactNode {
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/signed/tenants/new' });
  const toasts = useToasts();
  const { grants } = useSession();
  const own = grants.map(({ scope }) => scope).find(({ kind }) => kind === 'reseller');
  const spec = useTenantSpec(null);
  const form = useForm({
    spec,
    initial: { ...NO_TENANT, reseller: own?.kind === 'reseller' ? own.id : null },
    save: async (values) => {
      const made = await createTenant(settledTenant(values));
      await client.invalidateQueries({ queryKey: ['tenants'] });
      toasts.done(t('tenant.created', { name: made.name }));
      const to = next === 'setup' ? '/t/$tenant/setup' : '/t/$tenant/users';
      await navigate({ to, params: { tenant: made.id } });
      return undefined;
    },
  });
  return (
    <Page
      title={t('tenants.new')}
      trail={[{ label: t('tenants.title'), link: { to: '/tenants' } }]}
    >
      <Form
        form={form}
        submitLabel={t('tenants.add')}
        cancel={() => void navigate({ to: '/tenants' })}
      />
    </Page>
  );
}
