/** The invokeID of events, which nobody answers. */
export const EVENT = 99_999;

/** An operation was refused, by the gateway's own numbers. */
export class RoseError extends Error {
  override readonly name = 'RoseError';
  readonly detail: number;

  constructor(detail: number, text: string) {
    super(text);
    this.detail = detail;
  }
}

/** What was sent was no operation. */
export class RoseReject extends Error {
  override readonly name = 'RoseReject';
  /** `generalProblem`, `invokeProblem`, … */
  readonly group: string;
  readonly problem: number;

  constructor(group: string, problem: number, details: string) {
    super(details);
    this.group = group;
    this.problem = problem;
  }
}

/** The connection ended before an answer came. */
export class Disconnected extends Error {
  override readonly name = 'Disconnected';
}

/** What came. */
export type Incoming =
  | { kind: 'event'; operation: string; argument: unknown }
  | { kind: 'result'; id: number; result: unknown }
  | { kind: 'failure'; id: number | null; error: RoseError | RoseReject }
  | { kind: 'other' };

/** An invoke as JSON. */
export function invoke(id: number, operation: string, argument: unknown): string {
  return JSON.stringify({ invoke: { invokeID: id, operationName: operation, argument } });
}

/** Reads what came; whatever is not understood is `other`, for the other side may be newer. */
export function read(text: string): Incoming {
  const message = asObject(parsed(text));
  const event = asObject(message.invoke);
  if (event.invokeID === EVENT && typeof event.operationName === 'string') {
    return { kind: 'event', operation: event.operationName, argument: event.argument };
  }
  const result = asObject(message.result);
  if (typeof result.invokeID === 'number') {
    return { kind: 'result', id: result.invokeID, result: asObject(result.result).result };
  }
  if (message.error) return { kind: 'failure', ...failed(asObject(message.error)) };
  if (message.reject) return { kind: 'failure', ...rejected(asObject(message.reject)) };
  return { kind: 'other' };
}

function failed(message: Fields): { id: number | null; error: RoseError } {
  const error = asObject(message.error);
  const detail = numberOf(error.iErrorDetail) ?? numberOf(message.error_value) ?? 0;
  return {
    id: numberOf(message.invokedID),
    error: new RoseError(detail, textOf(error.u8sErrorString)),
  };
}

function rejected(message: Fields): { id: number | null; error: RoseReject } {
  const [group = 'generalProblem', problem] = Object.entries(asObject(message.reject))[0] ?? [];
  const id = numberOf(asObject(message.invokedID).invokedID);
  return { id, error: new RoseReject(group, numberOf(problem) ?? 0, textOf(message.details)) };
}

type Fields = Record<string, unknown>;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function asObject(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
