import { Badge } from '@fluentui/react-components';
import { OrganizationRegular } from '@fluentui/react-icons/svg/organization';
import { type ReactNode, useMemo } from 'react';
import { type Tenant, tenantsSource } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { List, type ListSpec } from '../../parts/list';
import { Page } from '../../parts/Page';

/** The tenants that the one who works looks after. */
export function TenantsPage(): ReactNode {
  const t = useT();
  const spec = useMemo<ListSpec<Tenant>>(
    () => ({
      label: t('tenants.title'),
      source: tenantsSource,
      id: ({ id }) => id,
      name: ({ name }) => name ?? '',
      link: ({ id }) => ({ to: '/t/$tenant', params: { tenant: id } }),
      columns: [
        { id: 'name', header: 'tenants.name', width: '2fr', cell: ({ name }) => name },
        {
          id: 'company',
          header: 'tenants.company',
          isWide: true,
          cell: (tenant) => tenant.company_name,
        },
        {
          id: 'state',
          header: 'tenants.state',
          cell: ({ is_disabled }) => (
            <Badge appearance="tint" color={is_disabled ? 'danger' : 'success'}>
              {t(is_disabled ? 'tenants.off' : 'tenants.on')}
            </Badge>
          ),
        },
      ],
      empty: {
        icon: <OrganizationRegular />,
        title: t('tenants.empty.title'),
        text: t('tenants.empty.text'),
      },
    }),
    [t],
  );
  return (
    <Page title={t('tenants.title')}>
      <List spec={spec} />
    </Page>
  );
}
