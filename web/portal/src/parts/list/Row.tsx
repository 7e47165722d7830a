import { makeStyles, tokens } from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import { Link } from '@tanstack/react-router';
import { type CSSProperties, memo, type ReactNode } from 'react';
import { useT } from '../../i18n/context';
import { FRAMED, IN_CONTRAST, LINE_BELOW } from '../lines';
import { ChooseBox } from './ChooseBox';
import type { Column, ListSpec } from './types';

const useStyles = makeStyles({
  row: {
    position: 'absolute',
    insetInlineStart: 0,
    insetInlineEnd: 0,
    display: 'grid',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    paddingInline: tokens.spacingHorizontalM,
    boxSizing: 'border-box',
    ...LINE_BELOW,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    ':focus-visible': {
      outline: `2px solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: '-2px',
    },
    '&[aria-selected="true"]': { backgroundColor: tokens.colorSubtleBackgroundSelected },
    [`${IN_CONTRAST}:hover`]: FRAMED,
    // The box says that it is chosen, and the frame is that of the focus.
    [`${IN_CONTRAST}[aria-selected="true"]`]: { backgroundColor: 'transparent' },
  },
  cell: {
    minInlineSize: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  below: {
    display: 'flex',
    columnGap: tokens.spacingHorizontalM,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
    '& > *': { minInlineSize: 0, overflow: 'hidden', textOverflow: 'ellipsis' },
  },
  // As Fluent's subtle button, but the browser's own: dozens of them come with each page of rows.
  more: {
    display: 'grid',
    placeItems: 'center',
    inlineSize: '32px',
    blockSize: '32px',
    padding: 0,
    border: 'none',
    borderRadius: tokens.borderRadiusMedium,
    fontSize: '20px',
    color: tokens.colorNeutralForeground2,
    backgroundColor: 'transparent',
    cursor: 'pointer',
    ':hover': {
      color: tokens.colorNeutralForeground2BrandHover,
      backgroundColor: tokens.colorSubtleBackgroundHover,
    },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
    [`${IN_CONTRAST}:hover`]: FRAMED,
  },
  link: {
    color: tokens.colorBrandForegroundLink,
    textDecorationLine: 'none',
    ':hover': { textDecorationLine: 'underline' },
  },
});

interface Props<T> {
  spec: ListSpec<T>;
  item: T;
  at: number;
  shown: readonly Column<T>[];
  below: readonly Column<T>[];
  isActive: boolean;
  /** The tracks of its grid. */
  tracks: string;
  /** How high a row is, in pixels. */
  rowPx: number;
  focused: (at: number) => void;
  openMenu: (item: T, target: HTMLElement) => void;
  /** Whether it is chosen; undefined where nothing can be. */
  isChosen: boolean | undefined;
  choose: ((at: number, isRange: boolean) => void) | undefined;
}

/**
 * One item of a list: its columns, those that stand below the first, and what can be done with it.
 * Only drawn again when something of it changes: scrolling draws what comes into sight, nothing else.
 */
export const Row = memo(Drawn) as typeof Drawn;

function Drawn<T extends object>(props: Props<T>): ReactNode {
  const { spec, item, at, shown, below, isActive, tracks, rowPx } = props;
  const { focused, openMenu, isChosen, choose } = props;
  const style: CSSProperties = {
    gridTemplateColumns: tracks,
    insetBlockStart: at * rowPx,
    blockSize: `${rowPx}px`,
  };
  const styles = useStyles();
  const t = useT();
  // There may be items with which nothing can be done.
  const hasActions = (spec.actions?.(item).length ?? 0) > 0;
  return (
    <div
      role="row"
      aria-rowindex={at + 2}
      data-row={at}
      tabIndex={isActive ? 0 : -1}
      className={styles.row}
      style={style}
      onFocus={() => focused(at)}
      {...(isChosen !== undefined && { 'aria-selected': isChosen })}
    >
      {isChosen !== undefined && (
        <div role="gridcell">
          <ChooseBox
            label={t('list.choose', { name: spec.name(item) })}
            isChosen={isChosen}
            press={(isRange) => choose?.(at, isRange)}
          />
        </div>
      )}
      {shown.map(({ id, cell }, column) => (
        <div key={id} role="gridcell" className={styles.cell}>
          {column === 0 && spec.link ? (
            <Link {...spec.link(item)} tabIndex={-1} className={styles.link}>
              {cell(item)}
            </Link>
          ) : (
            cell(item)
          )}
          {column === 0 && below.length > 0 && (
            <div className={styles.below}>
              {below.map(({ id, cell }) => (
                <span key={id}>{cell(item)}</span>
              ))}
            </div>
          )}
        </div>
      ))}
      {spec.actions && (
        <div role="gridcell">
          {hasActions && (
            <button
              type="button"
              className={styles.more}
              tabIndex={-1}
              aria-label={t('list.actions_of', { name: spec.name(item) })}
              aria-haspopup="menu"
              onClick={({ currentTarget }) => openMenu(item, currentTarget)}
            >
              <MoreHorizontalRegular />
            </button>
          )}
        </div>
      )}
    </div>
  );
}
