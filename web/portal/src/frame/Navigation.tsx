import { makeStyles, tokens } from '@fluentui/react-components';
import { BuildingShopRegular } from '@fluentui/react-icons/svg/building-shop';
import { OrganizationRegular } from '@fluentui/react-icons/svg/organization';
import { PeopleSettingsRegular } from '@fluentui/react-icons/svg/people-settings';
import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AREAS } from '../app/areas';
import { isAboveTenants } from '../app/rights';
import { useMay, useSession } from '../app/session';
import { tenantQuery } from '../data/tenants';
import { useT } from '../i18n/context';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    rowGap: tokens.spacingVerticalXXS,
    margin: 0,
    padding: `0 ${tokens.spacingHorizontalS}`,
    listStyleType: 'none',
    inlineSize: '13rem',
    boxSizing: 'border-box',
  },
  link: {
    position: 'relative',
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalM}`,
    minBlockSize: '32px',
    boxSizing: 'border-box',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: 'none',
    '& svg': { fontSize: '20px', flexShrink: 0 },
    ':hover': { backgroundColor: tokens.colorNeutralBackground3Hover },
    '&[aria-current="page"]': {
      color: tokens.colorNeutralForeground1,
      fontWeight: tokens.fontWeightSemibold,
      backgroundColor: tokens.colorNeutralBackground1,
    },
    '&[aria-current="page"]::before': {
      content: '""',
      position: 'absolute',
      insetInlineStart: 0,
      insetBlock: '8px',
      inlineSize: '3px',
      borderRadius: tokens.borderRadiusCircular,
      backgroundColor: tokens.colorCompoundBrandStroke,
    },
  },
});

/** The areas that the one who works may use. */
export function Navigation(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const session = useSession();
  const chosen = useParams({ strict: false, select: ({ tenant }) => tenant });
  const isAbove = isAboveTenants(session.grants);
  const isPlatform = session.grants.some(({ scope }) => scope.kind === 'platform');
  const tenant = chosen ?? (isAbove ? null : session.tenant);
  const may = useMay(tenant ?? '');
  const { data: settings } = useQuery({
    ...tenantQuery(tenant ?? ''),
    enabled: tenant !== null && may('read_tenant'),
  });
  const hasLicences = (settings?.client_licences ?? 0) > 0;
  const areas = tenant
    ? AREAS.filter(({ needs, isLicensed }) => may(needs) && (hasLicences || !isLicensed))
    : [];
  return (
    <nav aria-label={t('frame.navigation')}>
      <ul className={styles.list}>
        {isAbove && (
          <li>
            <Link to="/tenants" className={styles.link} activeOptions={{ exact: false }}>
              <OrganizationRegular aria-hidden="true" />
              {t('tenants.title')}
            </Link>
          </li>
        )}
        {isPlatform && (
          <>
            <li>
              <Link to="/resellers" className={styles.link} activeOptions={{ exact: false }}>
                <BuildingShopRegular aria-hidden="true" />
                {t('resellers.title')}
              </Link>
            </li>
            <li>
              <Link to="/users" className={styles.link} activeOptions={{ exact: false }}>
                <PeopleSettingsRegular aria-hidden="true" />
                {t('users.platform')}
              </Link>
            </li>
          </>
        )}
        {areas.map(({ label, icon: Icon, to, isExact }) => (
          <li key={label}>
            <Link
              {...({ to, params: { tenant } } as LinkProps)}
              className={styles.link}
              activeOptions={{ exact: isExact ?? false }}
            >
              <Icon aria-hidden="true" />
              {t(label)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
