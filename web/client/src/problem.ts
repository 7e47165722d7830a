import type { components } from './schema';

type ProblemDocument = components['schemas']['Problem'];

/** A value that the gateway refused: which field, which rule. */
export type RefusedField = components['schemas']['RefusedField'];

/** A rule of the gateway, worded by whoever shows it. */
export type Rule = components['schemas']['Rule'];

/** Every kind of problem that the gateway answers with, and `other` for what is not of its making. */
export const PROBLEM_KINDS = [
  'malformed_request',
  'not_signed_in',
  'second_factor_needed',
  'second_factor_not_set_up',
  'forbidden',
  'csrf_token_missing',
  'origin_not_allowed',
  'not_found',
  'method_not_allowed',
  'already_exists',
  'not_possible_now',
  'changed_meanwhile',
  'too_large',
  'unsupported_media_type',
  'invalid_value',
  'precondition_required',
  'too_many_requests',
  'internal',
  'temporarily_unavailable',
  'timed_out',
  'other',
] as const;

export type ProblemKind = (typeof PROBLEM_KINDS)[number];

/** A request that the gateway refused (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly status: number;
  readonly title: string;
  readonly fields: readonly RefusedField[];
  /** The identity of the request, as the gateway's log knows it. */
  readonly requestId: string | null;
  /** When the next attempt may be made, in seconds. */
  readonly retryAfterSeconds: number | null;

  constructor(document: Partial<ProblemDocument>, response: Response) {
    super(document.detail ?? response.statusText);
    this.status = response.status;
    this.kind = kindOf(document.type);
    this.title = document.title ?? response.statusText;
    this.fields = document.fields ?? [];
    this.requestId =
      document.instance?.replace('urn:ulid:', '') ?? response.headers.get('x-request-id');
    this.retryAfterSeconds = secondsOf(response.headers.get('retry-after'));
  }
}

/** The gateway could not be reached at all. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Reads the problem that `response` is; a body that is not a problem document still makes one. */
export async function problemOf(response: Response): Promise<Problem> {
  const isDocument = response.headers.get('content-type')?.startsWith('application/problem+json');
  if (!isDocument) return new Problem({}, response);
  const document: unknown = await response.json().catch(() => ({}));
  const isObject = typeof document === 'object' && document !== null;
  return new Problem(isObject ? document : {}, response);
}

/** Whether `error` is a problem of one of these kinds. */
export function isProblem(error: unknown, ...kinds: ProblemKind[]): error is Problem {
  return error instanceof Problem && (kinds.length === 0 || kinds.includes(error.kind));
}

function kindOf(type: string | undefined): ProblemKind {
  const slug = type?.split('/').at(-1);
  return PROBLEM_KINDS.find((kind) => kind === slug) ?? 'other';
}

function secondsOf(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) ? seconds : null;
}
