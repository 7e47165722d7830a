import { Badge, Button, makeStyles } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { OrganizationRegular } from '@fluentui/react-icons/svg/organization';
import { PowerRegular } from '@fluentui/react-icons/svg/power';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isAboveTenants } from '../../app/rights';
import { useSession } from '../../app/session';
import { type Tenant, tenantsSource } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { LINK } from '../../parts/lines';
import { List, type ListSpec } from '../../parts/list';
import { Page } from '../../parts/Page';
import { useTenantRemoval } from './useTenantRemoval';
import { useTenantSwitch } from './useTenantSwitch';

const useStyles = makeStyles({ link: LINK });

/** The tenants that the one who works looks after. */
export function TenantsPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const navigate = useNavigate();
  const mayManage = isAboveTenants(useSession().grants);
  const removal = useTenantRemoval();
  const power = useTenantSwitch();
  const add = (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      onClick={() => void navigate({ to: '/tenants/new' })}
    >
      {t('tenants.add')}
    </Button>
  );
  const actions: ListSpec<Tenant>['actions'] = (tenant) => [
    {
      id: 'edit',
      label: t('action.edit'),
      icon: <EditRegular />,
      act: () => void navigate({ to: '/t/$tenant/settings', params: { tenant: tenant.id } }),
    },
    {
      id: 'power',
      label: t(tenant.is_disabled ? 'tenants.switch_on' : 'tenants.switch_off'),
      icon: <PowerRegular />,
      act: () => power.flip(tenant),
    },
    {
      id: 'remove',
      label: t('action.delete'),
      icon: <DeleteRegular />,
      act: () => removal.ask(tenant),
    },
  ];
  const spec: ListSpec<Tenant> = {
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
        width: '8rem',
        cell: ({ is_disabled }) => (
          <Badge appearance="tint" color={is_disabled ? 'danger' : 'success'}>
            {t(is_disabled ? 'tenants.off' : 'tenants.on')}
          </Badge>
        ),
      },
    ],
    ...(mayManage ? { actions } : {}),
    empty: {
      icon: <OrganizationRegular />,
      title: t('tenants.empty.title'),
      text: t('tenants.empty.text'),
      ...(mayManage && {
        action: (
          <>
            {add}
            <Link to="/tenants/new" search={{ next: 'setup' }} className={styles.link}>
              {t('setup.link')}
            </Link>
          </>
        ),
      }),
    },
  };
  return (
    <Page title={t('tenants.title')} actions={mayManage && add}>
      <List spec={spec} />
      {removal.dialog}
      {power.dialog}
    </Page>
  );
}
