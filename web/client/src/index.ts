export { type Based, ifMatch, isSame, MERGE_PATCH, mergePatch } from './change';
export { type Api, answer, connect, type Options, type Switchboard } from './client';
export { eventsOf, type ServerEvent } from './events';
export { type Page, type PageQuery, pageQuery, readAll } from './pages';
export {
  isProblem,
  PROBLEM_KINDS,
  Problem,
  type ProblemKind,
  problemOf,
  type RefusedField,
  type Rule,
  Unreachable,
} from './problem';
export type { components, paths } from './schema';
