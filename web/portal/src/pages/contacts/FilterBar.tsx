import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { LABELS, stateOf } from '@switchboard/presence';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { ContactFilter, ContactsSearch } from '../../app/search';
import { useMay } from '../../app/session';
import { groupQuery } from '../../data/groups';
import { siteQuery } from '../../data/sites';
import { sourcesToChooseQuery } from '../../data/sources';
import { useWords } from '../../i18n/context';
import type { FilterName } from './FilterChoices';

const FilterChoices = lazy(() =>
  import('./FilterChoices').then((it) => ({ default: it.FilterChoices })),
);

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    minInlineSize: 0,
    // On a phone they are pushed sideways: several lines of them would leave no room for the list.
    '@media (max-width: 767px)': {
      flexWrap: 'nowrap',
      overflowX: 'auto',
      maxInlineSize: '100%',
      '& > *': { flexShrink: 0 },
    },
  },
  pill: { minInlineSize: 0, maxInlineSize: '20rem', fontWeight: tokens.fontWeightRegular },
  text: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  set: { fontWeight: tokens.fontWeightSemibold, color: tokens.colorBrandForegroundLink },
});

/** By what the list of contacts is narrowed; all of it stands in the address. */
export function FilterBar({
  tenant,
  filter,
}: {
  tenant: string;
  filter: ContactFilter;
}): ReactNode {
  const styles = useStyles();
  const { t, language } = useWords();
  const may = useMay(tenant);
  const navigate = useNavigate();
  const names = useNames(tenant, filter);
  const [open, setOpen] = useState<{ name: FilterName; target: HTMLElement } | null>(null);

  const set = (change: ContactFilter | null): void => {
    const search = ({ q }: ContactsSearch): ContactsSearch => ({
      ...(q ? { q } : {}),
      ...(change && pruned({ ...filter, ...change })),
    });
    void navigate({ to: '.', search, replace: true });
  };
  const states = filter.state?.split(',').map((state) => LABELS[language][stateOf(state)]);
  const flags = [
    filter.is_disabled !== undefined &&
      t(filter.is_disabled ? 'contacts.disabled' : 'contacts.in_service'),
    filter.is_vcard_enabled !== undefined &&
      t(filter.is_vcard_enabled ? 'contacts.with_vcard' : 'contacts.without_vcard'),
    filter.is_hybrid !== undefined &&
      t(filter.is_hybrid ? 'contacts.hybrid' : 'contacts.not_hybrid'),
  ].filter((text) => text !== false);
  const pills: [FilterName, string | undefined, boolean][] = [
    ['state', states?.join(', '), true],
    [
      'kind',
      filter.kind && t(filter.kind === 'service' ? 'contacts.service' : 'contacts.person'),
      true,
    ],
    ['site', filter.site && (names.site ?? '…'), may('read_sites')],
    ['group', filter.group && (names.group ?? '…'), may('read_groups')],
    ['source', filter.source && (names.source ?? '…'), may('read_sources')],
    ['more', flags.join(', ') || undefined, true],
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: no field set, its buttons open menus
    <div role="group" aria-label={t('contacts.filters')} className={styles.bar}>
      {pills.map(
        ([name, value, isMine]) =>
          (isMine || value) && (
            <Button
              key={name}
              size="small"
              shape="circular"
              className={styles.pill}
              icon={<ChevronDownRegular />}
              iconPosition="after"
              aria-haspopup={name === 'site' || name === 'group' ? 'dialog' : 'menu'}
              aria-expanded={open?.name === name}
              onClick={({ currentTarget }) => setOpen({ name, target: currentTarget })}
            >
              <span className={styles.text}>
                {t(`contacts.filter.${name}`)}
                {value && <span className={styles.set}>: {value}</span>}
              </span>
            </Button>
          ),
      )}
      {Object.keys(filter).length > 0 && (
        <Button
          size="small"
          appearance="transparent"
          icon={<DismissRegular />}
          onClick={() => set(null)}
        >
          {t('contacts.filter.clear')}
        </Button>
      )}
      {open && (
        <Suspense>
          <FilterChoices
            {...open}
            tenant={tenant}
            filter={filter}
            set={set}
            close={() => setOpen(null)}
          />
        </Suspense>
      )}
    </div>
  );
}

/** What the address names by identity. */
function useNames(
  tenant: string,
  { site, group, source }: ContactFilter,
): { site?: string | undefined; group?: string | undefined; source?: string | undefined } {
  const { t } = useWords();
  const ofSite = useQuery({ ...siteQuery(tenant, site ?? ''), enabled: Boolean(site) });
  const ofGroup = useQuery({ ...groupQuery(tenant, group ?? ''), enabled: Boolean(group) });
  const isSource = Boolean(source) && source !== 'none';
  const sources = useQuery({ ...sourcesToChooseQuery(tenant), enabled: isSource });
  const ofSource = sources.data?.find(({ id }) => id === source)?.name;
  return {
    site: ofSite.data?.name,
    group: ofGroup.data?.name,
    source: source === 'none' ? t('contacts.by_hand') : ofSource,
  };
}

/** A filter without what it does not say. */
function pruned(filter: ContactFilter): ContactFilter {
  const said = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(said) as ContactFilter;
}
