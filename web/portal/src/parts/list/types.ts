import type { Page } from '@switchboard/client';
import type { LinkProps } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import type { PlainKey } from '../../i18n/catalogue';

/** One column of a list. */
export interface Column<T> {
  id: string;
  header: PlainKey;
  cell: (item: T) => ReactNode;
  /** A track of the grid, such as `2fr`; `1fr` when absent. */
  width?: string;
  /** Left out where there is little room; the others stand below the first there. */
  isWide?: boolean;
  /** Only shown once it is chosen. */
  isExtra?: boolean;
}

/** What is chosen in a list, and how to choose nothing any more. */
export interface Chosen<T> {
  items: readonly T[];
  clear: () => void;
}

/** Something that can be done with one item. */
export interface RowAction {
  id: string;
  label: string;
  icon?: ReactElement;
  isDisabled?: boolean;
  act: () => void;
}

/** Where the items come from: one page after another. */
export interface ListSource<T> {
  key: readonly unknown[];
  read: (query: ListQuery) => Promise<Page<T>>;
  /** How many there are in all; null when nobody counts them, as nobody does when absent. */
  count?: (query: Omit<ListQuery, 'after'>) => Promise<number | null>;
  /** How often what is loaded is read again, in milliseconds; never when absent. */
  refreshMs?: number;
}

/** Which page is wanted. */
export interface ListQuery {
  after: string | undefined;
  q: string | undefined;
  signal: AbortSignal;
}

/** A list of items of one kind. */
export interface ListSpec<T> {
  /** What the list holds, for those who hear it. */
  label: string;
  source: ListSource<T>;
  columns: readonly Column<T>[];
  id: (item: T) => string;
  /** What an item is called. */
  name: (item: T) => string;
  /** The page of an item; a list without pages has none. */
  link?: (item: T) => LinkProps;
  actions?: (item: T) => RowAction[];
  /** Under which name the choice of columns is remembered; without one there is none. */
  remember?: string;
  /** What stands beside the search, such as filters. */
  bar?: ReactNode;
  /** Something narrows the list besides the search: an empty one is no beginning. */
  isNarrowed?: boolean;
  /** What can be done with several items at once; without it none can be chosen. */
  bulk?: (chosen: Chosen<T>) => ReactNode;
  /** What there is to say when there is nothing at all. */
  empty: { icon: ReactNode; title: string; text: string; action?: ReactNode };
}
