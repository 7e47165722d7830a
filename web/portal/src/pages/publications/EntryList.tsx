import { makeStyles, tokens } from '@fluentui/react-components';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Group } from '../../data/groups';
import type { Entry } from '../../data/publications';
import { useT } from '../../i18n/context';
import { useRows } from '../../parts/useRows';
import { EntryRow, type RowDeed } from './EntryRow';
import { keyOf } from './entries';

const ROW_PX = 56;
const LEAST_PX = ROW_PX + 2;
/** How many rows exist before and after those in sight. */
const MORE_ROWS = 6;

const useStyles = makeStyles({
  scroller: {
    overflowY: 'auto',
    maxBlockSize: 'max(24rem, 60vh)',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  list: { position: 'relative', margin: 0, padding: 0, listStyleType: 'none' },
  row: {
    position: 'absolute',
    insetInlineStart: 0,
    insetInlineEnd: 0,
    blockSize: `${ROW_PX}px`,
    boxSizing: 'border-box',
  },
});

/**
 * Entries in their order; only those in sight exist in the page. Up and down go from row to row, with
 * Alt they take the entry along; Delete takes it out.
 */
export function EntryList(props: {
  tenant: string;
  entries: readonly Entry[];
  groups: ReadonlyMap<string, Group>;
  isDisabled: boolean;
  move: (from: number, to: number, name: string) => void;
  remove: (at: number, name: string) => void;
}): ReactNode {
  const { tenant, entries, groups, isDisabled, move, remove } = props;
  const styles = useStyles();
  const t = useT();
  const [active, setActive] = useState(0);
  const wanted = useRef<{ row: number; deed: string } | null>(null);
  const last = entries.length - 1;
  const at = Math.min(active, last);
  const { scroller, shown, totalPx, scrollTo } = useRows({
    count: entries.length,
    rowPx: ROW_PX,
    ahead: MORE_ROWS,
    kept: at,
  });

  // The row may be there only after the list has scrolled.
  useEffect(() => {
    const { row, deed } = wanted.current ?? {};
    if (row === undefined) return;
    const button = scroller.current?.querySelector<HTMLElement>(
      `[data-row="${row}"] [data-deed="${deed}"]`,
    );
    if (!button) return;
    wanted.current = null;
    button.focus({ preventScroll: true });
  });

  const go = (row: number, deed: string): void => {
    const target = Math.max(0, Math.min(last, row));
    wanted.current = { row: target, deed };
    setActive(target);
    scrollTo(target);
  };
  const act = (deed: RowDeed, row: number, name: string): void => {
    if (deed === 'remove') {
      remove(row, name);
      go(Math.min(row, last - 1), deed);
      return;
    }
    const to = deed === 'up' ? row - 1 : row + 1;
    if (to < 0 || to > last) return;
    move(row, to, name);
    go(to, deed);
  };
  const onKeyDown = (event: KeyboardEvent, row: number, name: string): void => {
    const target = event.target as HTMLElement;
    const deed = target.dataset.deed ?? 'up';
    const steps: Record<string, number> = {
      ArrowUp: row - 1,
      ArrowDown: row + 1,
      Home: 0,
      End: last,
    };
    const next = steps[event.key];
    if (event.key === 'Delete') act('remove', row, name);
    else if (event.altKey && event.key === 'ArrowUp') act('up', row, name);
    else if (event.altKey && event.key === 'ArrowDown') act('down', row, name);
    else if (next !== undefined && !event.altKey) go(next, deed);
    else return;
    event.preventDefault();
  };
  return (
    <div ref={scroller} className={styles.scroller} style={{ minBlockSize: LEAST_PX }}>
      <ol className={styles.list} style={{ blockSize: totalPx }} aria-label={t('cards.title')}>
        {shown.map((index) => {
          const entry = entries[index];
          if (!entry) return null;
          return (
            <li
              key={keyOf(entry)}
              data-row={index}
              aria-posinset={index + 1}
              aria-setsize={entries.length}
              className={styles.row}
              style={{ insetBlockStart: index * ROW_PX }}
            >
              <EntryRow
                tenant={tenant}
                entry={entry}
                group={'group' in entry ? groups.get(entry.group) : undefined}
                place={index + 1}
                isFirst={index === 0}
                isLast={index === last}
                isActive={index === at}
                isDisabled={isDisabled}
                act={(deed, name) => act(deed, index, name)}
                onKeyDown={(event, name) => onKeyDown(event, index, name)}
                onFocus={() => setActive(index)}
              />
            </li>
          );
        })}
      </ol>
    </div>
  );
}
