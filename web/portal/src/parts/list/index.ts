export { List } from './List';
export type { Chosen, Column, ListQuery, ListSource, ListSpec, RowAction } from './types';
