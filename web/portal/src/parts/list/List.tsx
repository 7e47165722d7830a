import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { Bones } from '../Bones';
import { ErrorBanner } from '../ErrorBanner';
import { StateView } from '../StateView';
import { ColumnsButton } from './ColumnsButton';
import { SearchField, useSearchWords } from './SearchField';
import { Table } from './Table';
import type { ListSpec } from './types';
import { useColumns } from './useColumns';
import { type Items, useCount, useItems } from './useItems';
import { useSelection } from './useSelection';

const BulkBar = lazy(() => import('./BulkBar').then((it) => ({ default: it.BulkBar })));

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    flexGrow: 1,
    minBlockSize: '16rem',
    rowGap: tokens.spacingVerticalM,
  },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    '& > :first-child': { flexGrow: 1, flexBasis: '12rem', maxInlineSize: '24rem' },
  },
  end: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    marginInlineStart: 'auto',
    minBlockSize: '32px',
  },
  bulk: { position: 'relative', blockSize: 0, flexShrink: 0, zIndex: 1 },
  // As wide as most numbers, so that nothing moves when it is known.
  count: { color: tokens.colorNeutralForeground2, minInlineSize: '10rem' },
  stale: { opacity: 0.6 },
  body: { display: 'flex', flexDirection: 'column', flexGrow: 1, minBlockSize: 0 },
});

/** A list with its search: loaded as far as somebody looks, whatever its length. */
export function List<T extends object>({
  spec,
  isSearchable = true,
}: {
  spec: ListSpec<T>;
  isSearchable?: boolean;
}): ReactNode {
  const styles = useStyles();
  const t = useT();
  const q = useSearchWords();
  const items = useItems(spec.source, isSearchable ? q : undefined);
  const total = useCount(spec.source, isSearchable ? q : undefined, items.hasMore);
  const columns = useColumns(spec.remember, spec.columns);
  const selecting = useSelection(JSON.stringify([spec.source.key, q ?? '']), items.items, spec.id);
  const countShown = useFresh(items.error ? '' : countText(t, items, total), items.isStale);
  const count = items.items.length;
  const isEmpty = !items.isLoading && !items.error && count === 0 && !items.hasMore;
  const chooseRest = async (most: number): Promise<void> =>
    selecting.chooseAll(await items.loadAll(most));
  const isSifted = Boolean(q && isSearchable) || spec.isNarrowed;
  return (
    <div className={styles.list} data-shows={items.isLoading || items.isStale ? null : (q ?? '')}>
      {isSearchable && (
        <div className={styles.bar}>
          <SearchField />
          {spec.bar}
          <div className={spec.remember ? styles.end : undefined}>
            <span role="status" className={styles.count}>
              {countShown}
            </span>
            {spec.remember && (
              <ColumnsButton columns={spec.columns} shown={columns.shown} choose={columns.choose} />
            )}
          </div>
        </div>
      )}
      {items.error ? <ErrorBanner error={items.error} retry={items.retry} /> : null}
      {items.isLoading && <Bones rows={6} />}
      {isEmpty && (isSifted ? <NothingFound q={q} /> : <Empty spec={spec} />)}
      {/* A list by state may have to be looked through before the first one is found. */}
      {count === 0 && items.hasMore && <LookOn items={items} />}
      {count > 0 && (
        <div className={mergeClasses(styles.body, items.isStale && styles.stale)}>
          <Table
            spec={spec}
            items={items}
            columns={columns.shown}
            selecting={spec.bulk ? selecting : undefined}
          />
        </div>
      )}
      {spec.bulk && selecting.items.length > 0 && (
        <div className={styles.bulk}>
          <Suspense>
            <BulkBar
              count={selecting.items.length}
              chooseRest={items.hasMore ? chooseRest : undefined}
              clear={selecting.clear}
            >
              {spec.bulk({ items: selecting.items, clear: selecting.clear })}
            </BulkBar>
          </Suspense>
        </div>
      )}
    </div>
  );
}

/** Reads on while nothing was found and there is more to look through. */
function LookOn<T>({ items }: { items: Items<T> }): ReactNode {
  const { loadMore, isLoadingMore } = items;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when a page has arrived
  useEffect(() => loadMore(), [isLoadingMore]);
  return <Bones rows={6} />;
}

/** A text, or the one before as long as what it is about is of the search before. */
function useFresh(text: string, isStale: boolean): string {
  const [fresh, setFresh] = useState(text);
  if (!isStale && fresh !== text) setFresh(text);
  return isStale ? fresh : text;
}

function countText<T>(
  t: Translate,
  { isLoading, hasMore, items }: Items<T>,
  total: number | null,
): string {
  if (isLoading) return t('list.loading');
  if (total !== null) return t('list.count', { count: total });
  return t(hasMore ? 'list.more' : 'list.count', { count: items.length });
}

function Empty<T>({ spec }: { spec: ListSpec<T> }): ReactNode {
  const { icon, title, text, action } = spec.empty;
  return (
    <StateView icon={icon} title={title} text={text}>
      {action}
    </StateView>
  );
}

function NothingFound({ q }: { q: string | undefined }): ReactNode {
  const t = useT();
  return (
    <StateView
      icon={<SearchRegular />}
      title={t('list.nothing.title')}
      text={q ? t('list.nothing.text', { q }) : t('list.nothing.narrowed')}
    />
  );
}
