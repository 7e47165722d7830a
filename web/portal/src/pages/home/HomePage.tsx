import { makeStyles, tokens } from '@fluentui/react-components';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, type LinkProps, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Action } from '../../app/rights';
import { useMay } from '../../app/session';
import { type Counted, totalQuery } from '../../data/home';
import { tenantQuery } from '../../data/tenants';
import type { PlainKey } from '../../i18n/catalogue';
import { useT, useWords } from '../../i18n/context';
import { Page } from '../../parts/Page';
import { Panel } from '../../parts/Panel';
import { LatestRuns } from './LatestRuns';
import { SetUp } from './SetUp';
import { Warnings } from './Warnings';

const useStyles = makeStyles({
  tiles: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 10rem), 1fr))',
    gap: tokens.spacingHorizontalM,
    maxInlineSize: '60rem',
  },
  tile: { rowGap: 0 },
  number: {
    fontSize: tokens.fontSizeHero700,
    lineHeight: tokens.lineHeightHero700,
    fontWeight: tokens.fontWeightSemibold,
    fontVariantNumeric: 'tabular-nums',
  },
  label: { color: tokens.colorNeutralForeground2 },
  link: { color: tokens.colorBrandForegroundLink },
});

interface Tile {
  kind: Counted;
  label: PlainKey;
  needs: Action;
  to?: LinkProps['to'];
}

const TILES: readonly Tile[] = [
  { kind: 'contacts', label: 'contacts.title', needs: 'read_contacts', to: '/t/$tenant/contacts' },
  { kind: 'groups', label: 'groups.title', needs: 'read_groups', to: '/t/$tenant/groups' },
  { kind: 'sites', label: 'sites.title', needs: 'read_sites', to: '/t/$tenant/sites' },
  {
    kind: 'publications',
    label: 'publications.title',
    needs: 'read_publications',
    to: '/t/$tenant/publications',
  },
];

/** A tenant at a glance: what needs attention, what there is, what ran lately. */
export function HomePage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/' });
  const { data } = useSuspenseQuery(tenantQuery(tenant));
  const may = useMay(tenant);
  return (
    <Page title={data.name ?? t('home.title')}>
      <Warnings tenant={data} />
      <SetUp tenant={tenant} />
      <div className={styles.tiles}>
        {TILES.filter(({ needs }) => may(needs)).map((tile) => (
          <TotalTile key={tile.kind} tenant={tenant} tile={tile} />
        ))}
      </div>
      {may('read_sources') && <LatestRuns tenant={tenant} />}
    </Page>
  );
}

function TotalTile({ tenant, tile }: { tenant: string; tile: Tile }): ReactNode {
  const styles = useStyles();
  const { t, locale } = useWords();
  const { data } = useQuery(totalQuery(tenant, tile.kind));
  const number = data ? new Intl.NumberFormat(locale).format(data.count) : '–';
  return (
    <Panel className={styles.tile}>
      <span className={styles.number}>{data?.isMore ? `${number}+` : number}</span>
      {tile.to ? (
        <Link {...({ to: tile.to, params: { tenant } } as LinkProps)} className={styles.link}>
          {t(tile.label)}
        </Link>
      ) : (
        <span className={styles.label}>{t(tile.label)}</span>
      )}
    </Panel>
  );
}
