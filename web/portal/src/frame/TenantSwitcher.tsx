import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { BuildingRegular } from '@fluentui/react-icons/svg/building';
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { isAboveTenants } from '../app/rights';
import { useSession } from '../app/session';
import { tenantQuery } from '../data/tenants';
import { useT } from '../i18n/context';
import { useShownTenant } from './useAreas';

const TenantChoices = lazy(() =>
  import('./TenantChoices').then(({ TenantChoices }) => ({ default: TenantChoices })),
);

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
  const [target, setTarget] = useState<HTMLElement | null>(null);
  const isAbove = isAboveTenants(useSession().grants);
  const tenant = useShownTenant();
  const { data: current } = useQuery({ ...tenantQuery(tenant ?? ''), enabled: tenant !== null });
  const name = current?.name ?? t('tenants.choose');

  if (!isAbove) return current ? <span className={styles.static}>{current.name}</span> : null;
  return (
    <>
      <Button
        appearance="subtle"
        className={styles.button}
        icon={<BuildingRegular />}
        aria-label={t('tenants.switch', { name })}
        aria-haspopup="menu"
        aria-expanded={target !== null}
        onClick={({ currentTarget }) => setTarget(currentTarget)}
      >
        <span className={styles.name}>{name}</span>
        <ChevronDownRegular aria-hidden="true" />
      </Button>
      {target && (
        <Suspense>
          <TenantChoices target={target} close={() => setTarget(null)} tenant={tenant} />
        </Suspense>
      )}
    </>
  );
}
