/** How the mock gateway refuses: problem documents (RFC 9457). */
const KINDS = {
  400: ['malformed_request', 'Malformed request'],
  401: ['not_signed_in', 'Not signed in'],
  403: ['forbidden', 'Forbidden'],
  404: ['not_found', 'Not found'],
  409: ['already_exists', 'Already exists'],
  412: ['changed_meanwhile', 'Changed meanwhile'],
  413: ['too_large', 'Too large'],
  422: ['invalid_value', 'Invalid value'],
  428: ['precondition_required', 'Precondition required'],
  429: ['too_many_requests', 'Too many requests'],
  503: ['temporarily_unavailable', 'Temporarily unavailable'],
};

/** A refusal on its way. */
export class Refused extends Error {
  constructor(status, detail, { fields = [], headers = {}, slug } = {}) {
    super(detail);
    Object.assign(this, { status, fields, headers, slug });
  }
}

/** The answer that an error becomes. */
export function problem(error) {
  const { status = 500, message, fields = [], headers = {}, slug } = error;
  const [kind, title] = KINDS[status] ?? ['internal', 'Internal error'];
  if (!(error instanceof Refused)) console.error(error);
  const body = {
    type: `/problems/${slug ?? kind}`,
    title,
    status,
    detail: message,
    instance: 'urn:ulid:01M8146EA5T3MYA265ABSM88CQ',
    ...(fields.length ? { fields } : {}),
  };
  return { status, body, headers, type: 'application/problem+json' };
}
