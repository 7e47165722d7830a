import { makeStyles, mergeClasses, Spinner, tokens } from '@fluentui/react-components';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useIsNarrow } from '../../app/theme';
import { useT } from '../../i18n/context';
import { LINE_BELOW } from '../lines';
import { useRows } from '../useRows';
import { ChooseBox } from './ChooseBox';
import { Row } from './Row';
import type { Column, ListSpec } from './types';
import type { Items } from './useItems';
import { useRowKeys } from './useRowKeys';
import type { Selecting } from './useSelection';

/** How high a row is: with all its columns beside each other, and with two lines on a phone. */
const ROW_PX = 48;
const NARROW_ROW_PX = 60;
/** How many rows exist before and after those in sight. */
const MORE_ROWS = 8;
/** How many rows before the end the next page is asked for. */
const AHEAD = 20;

const useStyles = makeStyles({
  frame: {
    display: 'flex',
    flexDirection: 'column',
    minBlockSize: 0,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    overflow: 'hidden',
    backgroundColor: tokens.colorNeutralBackground1,
  },
  head: {
    display: 'grid',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    paddingInline: tokens.spacingHorizontalM,
    blockSize: '40px',
    flexShrink: 0,
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground2,
    ...LINE_BELOW,
    scrollbarGutter: 'stable',
    overflow: 'hidden',
  },
  scroller: { flexGrow: 1, overflowY: 'auto', minBlockSize: 0, scrollbarGutter: 'stable' },
  rows: { position: 'relative' },
  cell: {
    minInlineSize: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  hidden: { position: 'absolute', clipPath: 'inset(50%)', inlineSize: '1px', overflow: 'hidden' },
  last: { display: 'grid', placeItems: 'center', blockSize: `${ROW_PX}px` },
});

const RowMenu = lazy(() => import('./RowMenu').then(({ RowMenu }) => ({ default: RowMenu })));

/** The rows of a list; only those in sight exist in the page. */
export function Table<T extends object>({
  spec,
  items,
  columns,
  selecting,
}: {
  spec: ListSpec<T>;
  items: Items<T>;
  columns: readonly Column<T>[];
  selecting: Selecting<T> | undefined;
}): ReactNode {
  const styles = useStyles();
  const t = useT();
  const isNarrow = useIsNarrow();
  const [menu, setMenu] = useState<{ item: T; target: HTMLElement } | null>(null);
  const openMenu = useCallback((item: T, target: HTMLElement) => setMenu({ item, target }), []);
  const rowPx = isNarrow ? NARROW_ROW_PX : ROW_PX;
  const { shown, below } = useMemo(() => {
    const kept = columns.filter(({ isWide }) => !(isWide && isNarrow));
    // On a phone the others stand below the first.
    return isNarrow
      ? { shown: kept.slice(0, 1), below: kept.slice(1) }
      : { shown: kept, below: kept.slice(0, 0) };
  }, [columns, isNarrow]);
  const gridTemplateColumns = [
    ...(selecting ? ['24px'] : []),
    ...shown.map(({ width }) => `minmax(0, ${width ?? '1fr'})`),
    ...(spec.actions ? ['32px'] : []),
  ].join(' ');

  const keys = useRowKeys({
    count: items.items.length,
    ...(selecting && { before: selecting.onKey }),
    open: (row) =>
      rows.scroller.current?.querySelector<HTMLElement>(`[data-row="${row}"] a`)?.click(),
  });
  const rows = useRows({
    count: items.items.length,
    rowPx,
    ahead: MORE_ROWS,
    kept: keys.active,
  });
  keys.attach({ scroller: rows.scroller, scrollTo: rows.scrollTo });

  const count = selecting?.items.length ?? 0;
  const chosen = count === 0 ? 'none' : count === items.items.length ? 'all' : 'some';

  const { loadMore } = items;
  const isNearEnd = (rows.shown.at(-1) ?? 0) >= items.items.length - AHEAD;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when a page has arrived
  useEffect(() => {
    if (isNearEnd) loadMore();
  }, [isNearEnd, items.items.length]);

  return (
    <div
      role="grid"
      aria-label={spec.label}
      aria-rowcount={items.hasMore ? -1 : items.items.length + 1}
      aria-colcount={shown.length + (spec.actions ? 1 : 0) + (selecting ? 1 : 0)}
      {...(selecting && { 'aria-multiselectable': true })}
      aria-busy={items.isStale}
      className={styles.frame}
    >
      <div role="row" aria-rowindex={1} className={styles.head} style={{ gridTemplateColumns }}>
        {selecting && (
          <div role="columnheader">
            <ChooseBox
              label={t('list.choose_all')}
              isChosen={chosen === 'all'}
              isMixed={chosen === 'some'}
              isReached
              press={() =>
                chosen === 'all' ? selecting.clear() : selecting.chooseAll(items.items)
              }
            />
          </div>
        )}
        {shown.map(({ id, header }) => (
          <div key={id} role="columnheader" className={styles.cell}>
            {t(header)}
          </div>
        ))}
        {spec.actions && (
          <div role="columnheader">
            <span className={styles.hidden}>{t('list.actions')}</span>
          </div>
        )}
      </div>
      <div
        ref={rows.scroller}
        role="rowgroup"
        className={styles.scroller}
        onKeyDown={keys.onKeyDown}
      >
        <div role="presentation" className={styles.rows} style={{ blockSize: rows.totalPx }}>
          {rows.shown.map((index) => {
            const item = items.items[index];
            if (item === undefined) return null;
            return (
              <Row
                key={spec.id(item)}
                spec={spec}
                item={item}
                at={index}
                shown={shown}
                below={below}
                isActive={index === keys.active}
                tracks={gridTemplateColumns}
                rowPx={rowPx}
                focused={keys.setActive}
                openMenu={openMenu}
                isChosen={selecting?.has(item)}
                choose={selecting?.press}
              />
            );
          })}
        </div>
        {items.isLoadingMore && (
          <div role="presentation" className={mergeClasses(styles.last)}>
            <Spinner size="tiny" aria-label={t('list.loading')} />
          </div>
        )}
      </div>
      {menu && spec.actions && (
        <Suspense>
          <RowMenu
            target={menu.target}
            actions={spec.actions(menu.item)}
            close={() => setMenu(null)}
          />
        </Suspense>
      )}
    </div>
  );
}
