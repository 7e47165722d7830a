export { List } from './List';
export type { Column, ListQuery, ListSource, ListSpec, RowAction } from './types';
