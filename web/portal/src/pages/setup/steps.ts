import type { Run } from '../../data/runs';
import type { Source } from '../../data/sources';

/** The steps from an empty tenant to cards on a web page, in order. */
export const STEPS = [
  'tenant',
  'administrator',
  'domain',
  'source',
  'run',
  'publication',
  'widget',
] as const;

export type StepId = (typeof STEPS)[number];

/** What there is of a tenant; what somebody may not see is absent. */
export interface Facts {
  /** How many run the tenant; known above tenants only. */
  administrators?: number | undefined;
  domains?: number | undefined;
  sources?: readonly Pick<Source, 'id' | 'connection'>[] | undefined;
  /** The latest runs, latest first. */
  runs?: readonly Pick<Run, 'source' | 'state' | 'contacts' | 'undoes'>[] | undefined;
  publications?:
    | readonly { domains?: string[] | undefined; is_enabled?: boolean | undefined }[]
    | undefined;
  /** How much the first publication shows. */
  entries?: number | undefined;
}

/** One step as it stands. */
export interface StepState {
  id: StepId;
  isDone: boolean;
}

/** Which steps there are for who looks from above tenants, or from inside, and which are done. */
export function stepsOf(facts: Facts, isAbove: boolean): StepState[] {
  const done = doneOf(facts);
  const shown = STEPS.filter((id) => isAbove || id !== 'administrator');
  return shown.map((id) => ({ id, isDone: done[id] }));
}

function doneOf({
  administrators = 0,
  domains = 0,
  sources = [],
  runs = [],
  ...facts
}: Facts): Record<StepId, boolean> {
  const { publications = [], entries = 0 } = facts;
  const first = publications[0];
  const isShown = Boolean(first) && entries > 0;
  const read = sources.filter(({ connection }) => connection.kind !== 'sip');
  const hasRun = runs.some(
    ({ state, contacts, undoes }) => state === 'succeeded' && !contacts && !undoes,
  );
  return {
    tenant: true,
    administrator: administrators > 0,
    domain: domains > 0,
    source: sources.length > 0,
    // Of a source that says only how available people are, nobody is read.
    run: sources.length > 0 && (read.length === 0 || hasRun),
    publication: isShown,
    widget: isShown && first?.is_enabled !== false && (first?.domains?.length ?? 0) > 0,
  };
}

/** The step to go on with: the first that is not done. */
export function nextStep(steps: readonly StepState[]): StepId | null {
  return steps.find(({ isDone }) => !isDone)?.id ?? null;
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
