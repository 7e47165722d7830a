import { STEPS, type StepId } from '../../app/setup';
import type { Run } from '../../data/runs';
import type { Source } from '../../data/sources';

/** What there is of a tenant; what somebody may not see is absent. */
export interface Facts {
  /** How many run the tenant; known above tenants only. */
  administrators?: number | undefined;
  domains?: number | undefined;
  sources?: readonly Pick<Source, 'id' | 'connection'>[] | undefined;
  /** The latest runs, latest first. */
  runs?: readonly Pick<Run, 'source' | 'state' | 'contacts' | 'undoes'>[] | undefined;
  publications?: readonly Published[] | undefined;
  /** What was asked for and could not be read. */
  unread?: readonly Part[];
}

/** What is asked for, to find out how far a tenant is. */
export type Part = 'administrators' | 'domains' | 'sources' | 'runs' | 'publications';

/** From what is told whether a step is done. */
const TOLD_BY: Record<StepId, readonly Part[]> = {
  tenant: [],
  administrator: ['administrators'],
  domain: ['domains'],
  source: ['sources'],
  run: ['sources', 'runs'],
  publication: ['publications'],
  widget: ['publications'],
};

/** How many publications are looked into for one that is on a page. */
const LOOKED = 5;

/** What of a publication says whether visitors see something of it. */
export interface Published {
  domains?: string[] | undefined;
  is_enabled?: boolean | undefined;
  /** How much it shows; undefined when nobody looked. */
  entries?: number | undefined;
}

/** Whether a publication shows somebody. */
function isShown({ entries = 0 }: Published): boolean {
  return entries > 0;
}

/** Whether a publication shows somebody and a page may have it. */
export function isOnPage(publication: Published): boolean {
  const { domains = [], is_enabled } = publication;
  return isShown(publication) && is_enabled !== false && domains.length > 0;
}

/** The publication to go on with: the first that is furthest on. */
export function furthest<P extends Published>(publications: readonly P[]): P | undefined {
  return publications.find(isOnPage) ?? publications.find(isShown) ?? publications[0];
}

/** The publication that somebody works with, as long as it is there; else the one to go on with. */
export function keptOr<P extends Published & { id: string }>(
  publications: readonly P[],
  kept: string | undefined,
): P | undefined {
  return publications.find(({ id }) => id === kept) ?? furthest(publications);
}

/** The publications to look into: a few, before all those that a page may have. */
export function toLookInto<P extends Published>(publications: readonly P[]): P[] {
  const isReady = (one: P): boolean => isOnPage({ ...one, entries: 1 });
  const ready = publications.filter(isReady);
  return [...ready, ...publications.filter((one) => !isReady(one))].slice(0, LOOKED);
}

/** The sources that contacts come from: of a SIP server nobody is read. */
export function readable<S extends Pick<Source, 'connection'>>(sources: readonly S[]): S[] {
  return sources.filter(({ connection }) => connection.kind !== 'sip');
}

/** One step as it stands. */
export interface StepState {
  id: StepId;
  isDone: boolean;
  /** What would tell it could not be read. */
  isUnread: boolean;
}

/** Which steps there are for who looks from above tenants, or from inside, and which are done. */
export function stepsOf(facts: Facts, isAbove: boolean): StepState[] {
  const done = doneOf(facts);
  const shown = STEPS.filter((id) => isAbove || id !== 'administrator');
  const { unread = [] } = facts;
  return shown.map((id) => {
    const isUnread = TOLD_BY[id].some((part) => unread.includes(part));
    return { id, isDone: done[id] && !isUnread, isUnread };
  });
}

function doneOf({
  administrators = 0,
  domains = 0,
  sources = [],
  runs = [],
  publications = [],
}: Facts): Record<StepId, boolean> {
  const hasRun = runs.some(
    ({ state, contacts, undoes }) => state === 'succeeded' && !contacts && !undoes,
  );
  return {
    tenant: true,
    administrator: administrators > 0,
    domain: domains > 0,
    source: sources.length > 0,
    // Of a source that says only how available people are, nobody is read.
    run: sources.length > 0 && (readable(sources).length === 0 || hasRun),
    publication: publications.some(isShown),
    widget: publications.some(isOnPage),
  };
}

/** The step to go on with: the first that is not done, as far as that is known. */
export function nextStep(steps: readonly StepState[]): StepId | null {
  return steps.find(({ isDone, isUnread }) => !isDone && !isUnread)?.id ?? null;
}

/** The step that comes after one that is left out: the next that is not done, else none. */
export function stepAfter(steps: readonly StepState[], id: StepId): StepId | null {
  const at = steps.findIndex((step) => step.id === id);
  return nextStep(steps.slice(at + 1));
}

/** The step that comes after one that was gone through: the next that is not done, else the very next. */
export function stepOnFrom(steps: readonly StepState[], id: StepId): StepId | null {
  const at = steps.findIndex((step) => step.id === id);
  return stepAfter(steps, id) ?? steps[at + 1]?.id ?? null;
}

/** Reads the step from an address. */
export function stepOfSearch(search: Record<string, unknown>): { step?: StepId } {
  const step = STEPS.find((one) => one === search.step);
  return step ? { step } : {};
}
