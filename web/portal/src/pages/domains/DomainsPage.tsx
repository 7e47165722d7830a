import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { GlobeRegular } from '@fluentui/react-icons/svg/globe';
import { type LinkProps, useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../app/session';
import { type Domain, domainsSource } from '../../data/domains';
import { useT } from '../../i18n/context';
import { List, type ListSpec } from '../../parts/list';
import { Page } from '../../parts/Page';
import { SetupLink } from '../../parts/SetupLink';
import { useDomainRemoval } from './useDomainRemoval';

/** The domains of a tenant. */
export function DomainsPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/domains' });
  const mayChange = useMay(tenant)('manage_domains');
  const navigate = useNavigate();
  const removal = useDomainRemoval({ tenant });
  const pageOf = ({ id }: Domain): LinkProps => ({
    to: '/t/$tenant/domains/$domain',
    params: { tenant, domain: id },
  });
  const add = mayChange && (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      onClick={() => void navigate({ to: '/t/$tenant/domains/new', params: { tenant } })}
    >
      {t('domains.add')}
    </Button>
  );
  const spec: ListSpec<Domain> = {
    label: t('domains.title'),
    source: domainsSource(tenant),
    id: ({ id }) => id,
    name: ({ title }) => title ?? '',
    link: pageOf,
    columns: [
      {
        id: 'title',
        header: 'domains.name',
        width: '2fr',
        cell: ({ title }) => <span title={title ?? ''}>{title}</span>,
      },
      {
        id: 'hosts',
        header: 'domain.hosts',
        width: '3fr',
        isWide: true,
        cell: ({ hosts }) => <span title={hosts?.join(', ')}>{hosts?.join(', ')}</span>,
      },
      {
        id: 'schemes',
        header: 'domain.schemes',
        width: '8rem',
        cell: ({ is_http_allowed, is_https_allowed }) =>
          [is_https_allowed && 'https', is_http_allowed && 'http'].filter(Boolean).join(', '),
      },
    ],
    empty: {
      icon: <GlobeRegular />,
      title: t('domains.empty.title'),
      text: t('domains.empty.text'),
      action: add && (
        <>
          {add}
          <SetupLink tenant={tenant} step="domain" />
        </>
      ),
    },
    ...(mayChange && {
      actions: (domain) => [
        {
          id: 'edit',
          label: t('action.edit'),
          icon: <EditRegular />,
          act: () => void navigate(pageOf(domain) as never),
        },
        {
          id: 'remove',
          label: t('action.delete'),
          icon: <DeleteRegular />,
          act: () => removal.ask(domain),
        },
      ],
    }),
  };
  return (
    <Page title={t('domains.title')} actions={add}>
      <List spec={spec} />
      {removal.dialog}
    </Page>
  );
}
