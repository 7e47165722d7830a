import { MenuDivider, MenuItem, MenuItemRadio } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { tenantsToSwitchQuery } from '../data/tenants';
import { useT } from '../i18n/context';
import { MenuAt } from '../parts/MenuAt';

/** The tenants that one may go to. */
export function TenantChoices(props: {
  target: HTMLElement;
  close: () => void;
  tenant: string | null;
}): ReactNode {
  const { target, close, tenant } = props;
  const t = useT();
  const navigate = useNavigate();
  const { data: tenants = [] } = useQuery(tenantsToSwitchQuery);
  return (
    <MenuAt target={target} close={close} checked={{ tenant: tenant ? [tenant] : [] }}>
      {tenants.map(({ id, name }) => (
        <MenuItemRadio
          key={id}
          name="tenant"
          value={id}
          onClick={() => void navigate({ to: '/t/$tenant', params: { tenant: id } })}
        >
          {name}
        </MenuItemRadio>
      ))}
      <MenuDivider />
      <MenuItem onClick={() => void navigate({ to: '/tenants' })}>{t('tenants.all')}</MenuItem>
    </MenuAt>
  );
}
