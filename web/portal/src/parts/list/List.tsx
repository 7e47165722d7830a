import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import type { ReactNode } from 'react';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { Bones } from '../Bones';
import { ErrorBanner } from '../ErrorBanner';
import { StateView } from '../StateView';
import { SearchField, useSearchWords } from './SearchField';
import { Table } from './Table';
import type { ListSpec } from './types';
import { type Items, useItems } from './useItems';

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
    '& > :first-child': { flexGrow: 1, maxInlineSize: '24rem' },
  },
  count: { color: tokens.colorNeutralForeground2 },
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
  const count = items.items.length;
  const isEmpty = !items.isLoading && !items.error && count === 0 && !items.hasMore;
  return (
    <div className={styles.list}>
      {isSearchable && (
        <div className={styles.bar}>
          <SearchField />
          <span role="status" className={styles.count}>
            {items.error ? '' : countText(t, items)}
          </span>
        </div>
      )}
      {items.error ? <ErrorBanner error={items.error} retry={items.retry} /> : null}
      {items.isLoading && <Bones rows={6} />}
      {isEmpty && (q && isSearchable ? <NothingFound q={q} /> : <Empty spec={spec} />)}
      {count > 0 && (
        <div className={mergeClasses(styles.body, items.isStale && styles.stale)}>
          <Table spec={spec} items={items} />
        </div>
      )}
    </div>
  );
}

function countText<T>(t: Translate, { isLoading, hasMore, items }: Items<T>): string {
  if (isLoading) return t('list.loading');
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

function NothingFound({ q }: { q: string }): ReactNode {
  const t = useT();
  return (
    <StateView
      icon={<SearchRegular />}
      title={t('list.nothing.title')}
      text={t('list.nothing.text', { q })}
    />
  );
}
