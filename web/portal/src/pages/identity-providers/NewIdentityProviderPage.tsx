import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { createIdentityProvider, NO_PROVIDER } from '../../data/identityProviders';
import { useT } from '../../i18n/context';
import { Form, linesIn, useForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { PROVIDER_SPEC } from './spec';

/** Adds an identity provider; its secret is entered on its own page. */
export function NewIdentityProviderPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/identity-providers/new' });
  const client = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const list = { to: '/t/$tenant/identity-providers', params: { tenant } } as const;
  const form = useForm({
    spec: PROVIDER_SPEC,
    initial: NO_PROVIDER,
    save: async (values) => {
      const fields = { ...values, scopes: linesIn(values.scopes) };
      const provider = await createIdentityProvider(tenant, fields);
      await client.invalidateQueries({ queryKey: ['identity_providers', tenant] });
      toasts.done(t('provider.created', { name: provider.name }));
      const params = { tenant, identityProvider: provider.id };
      const to = '/t/$tenant/identity-providers/$identityProvider' as const;
      void navigate({ to, params, replace: true });
      return undefined;
    },
  });
  return (
    <Page title={t('providers.new')} trail={[{ label: t('providers.title'), link: list }]}>
      <Form form={form} submitLabel={t('providers.add')} cancel={() => void navigate(list)} />
    </Page>
  );
}
