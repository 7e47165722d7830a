import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/context';
import { Form } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useNewDomain } from './useNewDomain';

/** Makes a domain; its pictures are added on its own page. */
export function NewDomainPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/domains/new' });
  const navigate = useNavigate();
  const form = useNewDomain(tenant, ({ id }) => {
    const params = { tenant, domain: id };
    void navigate({ to: '/t/$tenant/domains/$domain', params, replace: true });
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
