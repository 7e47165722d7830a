import {
  FlatTree,
  FlatTreeItem,
  makeStyles,
  mergeClasses,
  SearchBox,
  TreeItemLayout,
  tokens,
} from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { BuildingRegular } from '@fluentui/react-icons/svg/building';
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team';
import type { HTMLAttributes, ReactNode } from 'react';
import type { Group } from '../../data/groups';
import { isMovable, moreOf, rowsOf, STEP, type Tree, type TreeRow } from '../../data/tree';
import type { Translate } from '../../i18n/catalogue';
import { useT, useWords } from '../../i18n/context';
import { FRAMED, IN_CONTRAST } from '../../parts/lines';
import { type GroupDrag, useDropPlace } from './drag';
import { TopZone } from './TopZone';
import type { TreeState } from './useTreeState';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS },
  head: { position: 'relative', flexShrink: 0 },
  // In sight wherever a group is picked up.
  stuck: { position: 'sticky', insetBlockStart: 0, zIndex: 1 },
  search: { inlineSize: '100%', maxInlineSize: '24rem' },
  tree: { minInlineSize: 0 },
  name: {
    position: 'relative',
    display: 'block',
    minInlineSize: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  layout: { minInlineSize: 0, '& > *': { minInlineSize: 0 } },
  chosen: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    fontWeight: tokens.fontWeightSemibold,
    [IN_CONTRAST]: FRAMED,
  },
  dragged: {
    outlineWidth: '1px',
    outlineStyle: 'dashed',
    outlineColor: tokens.colorNeutralStrokeAccessible,
    outlineOffset: '-1px',
    backgroundColor: tokens.colorNeutralBackground3,
  },
  target: {
    backgroundColor: tokens.colorBrandBackground2,
    outlineWidth: '2px',
    outlineStyle: 'solid',
    outlineColor: tokens.colorCompoundBrandStroke,
    outlineOffset: '-2px',
    [IN_CONTRAST]: FRAMED,
  },
  spoken: { position: 'absolute', clipPath: 'inset(50%)', inlineSize: '1px', overflow: 'hidden' },
  count: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  more: { color: tokens.colorBrandForegroundLink },
  nothing: { margin: 0, color: tokens.colorNeutralForeground2 },
});

/** Groups as a tree: arrows open, close and move, Enter chooses, letters jump. */
export function GroupTree(props: {
  label: string;
  tree: Tree;
  state: TreeState;
  chosen: string | null;
  choose: (group: Group) => void;
  /** Left out with everything below. */
  without?: ReadonlySet<string>;
  /** Where groups can be dragged. */
  drag?: GroupDrag | undefined;
}): ReactNode {
  const { label, tree, state, chosen, choose, without, drag } = props;
  const styles = useStyles();
  const t = useT();
  const isSearch = state.words.trim() !== '';
  const rows = isSearch
    ? foundRows(tree, state, without)
    : rowsOf(tree, { ...state, ...(without ? { without } : {}) });
  return (
    <div className={styles.root}>
      <div className={mergeClasses(styles.head, drag?.dragged ? styles.stuck : undefined)}>
        <SearchBox
          className={styles.search}
          aria-label={t('groups.search')}
          placeholder={t('groups.search')}
          autoComplete="off"
          value={state.words}
          dismiss={{ 'aria-label': t('list.clear') }}
          onChange={(_, { value }) => state.setWords(value)}
        />
        {drag?.dragged?.parent && <TopZone drag={drag} />}
      </div>
      {rows.length === 0 ? (
        <p role="status" className={styles.nothing}>
          {t('picker.nothing')}
        </p>
      ) : (
        <FlatTree
          aria-label={label}
          className={styles.tree}
          openItems={state.open}
          onOpenChange={(_, data) => {
            // A click chooses; only the arrow and the arrow keys open.
            if (data.type !== 'Click') state.toggle(String(data.value), data.open);
          }}
        >
          {rows.map((row) => (
            <Row
              key={row.id}
              row={row}
              tree={tree}
              isSearch={isSearch}
              chosen={chosen}
              drag={drag}
              open={
                row.isBranch && !state.open.has(row.id) ? () => state.toggle(row.id, true) : null
              }
            >
              {() => (row.group ? choose(row.group) : state.more(row.parent))}
            </Row>
          ))}
        </FlatTree>
      )}
    </div>
  );
}

function Row(props: {
  row: TreeRow;
  tree: Tree;
  isSearch: boolean;
  chosen: string | null;
  drag: GroupDrag | undefined;
  /** Opens the branch that the row is, as long as it is closed. */
  open: (() => void) | null;
  children: () => void;
}): ReactNode {
  const { row, tree, isSearch, chosen, drag, open, children: act } = props;
  const styles = useStyles();
  const { t, locale } = useWords();
  const { group } = row;
  const isChosen = group !== undefined && group.id === chosen;
  const { isOver, handlers } = useDropPlace(group && drag, row.id, open);
  const place = isSearch && group ? tree.above(group.id).map(({ name }) => name) : [];
  const name = group ? [...place, group.name].join(' › ') : t('groups.more', { count: row.hidden });
  return (
    <FlatTreeItem
      value={row.id}
      itemType={row.isBranch ? 'branch' : 'leaf'}
      aria-level={row.level}
      aria-posinset={row.place}
      aria-setsize={row.count}
      {...(row.parent !== null && !isSearch ? { parentValue: row.parent } : {})}
      {...(isChosen ? { 'aria-current': 'true' as const } : {})}
      onClick={act}
      {...handlers}
      {...(group && drag && isMovable(group) && taken(group, drag))}
    >
      <TreeItemLayout
        className={mergeClasses(
          styles.layout,
          isChosen && styles.chosen,
          group && drag?.dragged?.id === group.id && styles.dragged,
          isOver && styles.target,
        )}
        iconBefore={group ? <Icon group={group} /> : null}
        aside={
          group && group.member_count > 0 ? (
            <span className={styles.count} aria-hidden="true">
              {new Intl.NumberFormat(locale).format(group.member_count)}
            </span>
          ) : null
        }
      >
        <span className={mergeClasses(styles.name, !group && styles.more)} title={name}>
          {name}
          {group && <span className={styles.spoken}>{spoken(t, group)}</span>}
        </span>
      </TreeItemLayout>
    </FlatTreeItem>
  );
}

type Taken = Pick<HTMLAttributes<HTMLElement>, 'draggable' | 'onDragStart' | 'onDragEnd'>;

/** What lets a row be picked up. */
function taken(group: Group, drag: GroupDrag): Taken {
  return {
    draggable: true,
    onDragStart: (event) => drag.begin(group, event),
    onDragEnd: drag.end,
  };
}

function Icon({ group }: { group: Group }): ReactNode {
  if (group.root_of) return <BuildingRegular />;
  return group.synced_from ? <ArrowSyncRegular /> : <PeopleTeamRegular />;
}

/** What those who hear a group are told besides its name: its kind, and how many are in it. */
function spoken(t: Translate, group: Group): string {
  const kind = group.root_of ? t('groups.is_root') : group.synced_from && t('groups.is_synced');
  const count = group.member_count > 0 && t('groups.members', { count: group.member_count });
  return [kind, count]
    .filter(Boolean)
    .map((words) => `, ${words}`)
    .join('');
}

/** What was found, without the tree around it. */
function foundRows(tree: Tree, state: TreeState, without?: ReadonlySet<string>): TreeRow[] {
  const found = tree.find(state.words).filter(({ id }) => !without || !isWithin(tree, id, without));
  const shown = state.shown.get('') ?? STEP;
  const row = { parent: null, level: 1, count: found.length, isBranch: false, hidden: 0 };
  const rows: TreeRow[] = found
    .slice(0, shown)
    .map((group, index) => ({ ...row, id: group.id, group, place: index + 1 }));
  const hidden = found.length - shown;
  if (hidden > 0) rows.push({ ...row, id: moreOf(null), place: shown + 1, hidden });
  return rows;
}

function isWithin(tree: Tree, id: string, without: ReadonlySet<string>): boolean {
  return without.has(id) || tree.above(id).some((group) => without.has(group.id));
}
