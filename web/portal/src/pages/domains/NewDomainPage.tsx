import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { createDomain, NO_DOMAIN } from '../../data/domains';
import { useT } from '../../i18n/context';
import { Form, useForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { useDomainSpec } from './spec';

/** Makes a domain; its pictures are added on its own page. */
export function NewDomainPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/domains/new' });
  const client = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const form = useForm({
    spec: useDomainSpec(),
    initial: NO_DOMAIN,
    save: async (values) => {
      const domain = await createDomain(tenant, values);
      await client.invalidateQueries({ queryKey: ['domains', tenant] });
      toasts.done(t('domain.created', { title: domain.title }));
      const params = { tenant, domain: domain.id };
      void navigate({ to: '/t/$tenant/domains/$domain', params, replace: true });
      return undefined;
    },
  });
  return (
    <Page
      title={t('domains.new')}
      trail={[
        { label: t('domains.title'), link: { to: '/t/$tenant/domains', params: { tenant } } },
      ]}
    >
      <Form
        form={form}
        submitLabel={t('domains.add')}
        cancel={() => void navigate({ to: '/t/$tenant/domains', params: { tenant } })}
      />
    </Page>
  );
}
