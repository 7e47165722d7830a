import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { BuildingRegular } from '@fluentui/react-icons/svg/building';
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isAboveTenants } from '../app/rights';
import { useSession } from '../app/session';
import { tenantQuery, tenantsToSwitchQuery } from '../data/tenants';
import { useT } from '../i18n/context';

const useStyles = makeStyles({
  button: { minInlineSize: 0, flexShrink: 1, fontWeight: tokens.fontWeightRegular },
  name: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  static: {
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    color: tokens.colorNeutralForeground2,
    paddingInline: tokens.spacingHorizontalS,
  },
});

/** Says whose data is shown, and goes to another tenant's for those who look after several. */
export function TenantSwitcher(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const session = useSession();
  const navigate = useNavigate();
  const isAbove = isAboveTenants(session.grants);
  const chosen = useParams({ strict: false, select: ({ tenant }) => tenant });
  const tenant = chosen ?? (isAbove ? null : session.tenant);
  const { data: current } = useQuery({ ...tenantQuery(tenant ?? ''), enabled: tenant !== null });
  const { data: tenants = [] } = useQuery({ ...tenantsToSwitchQuery, enabled: isAbove });
  const name = current?.name ?? t('tenants.choose');

  if (!isAbove) return current ? <span className={styles.static}>{current.name}</span> : null;
  return (
    <Menu checkedValues={{ tenant: tenant ? [tenant] : [] }}>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          className={styles.button}
          icon={<BuildingRegular />}
          aria-label={t('tenants.switch', { name })}
        >
          <span className={styles.name}>{name}</span>
          <ChevronDownRegular aria-hidden="true" />
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
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
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
