import { text } from '../json';

/** A form as the gateway gives it out. */
export interface Form {
  kind: 'callback' | 'message';
  form: string;
  consent: string;
  privacyUrl: string;
  minSeconds: number;
  maxText: number;
  /** When it came, in milliseconds. */
  at: number;
}

/** What became of what was sent. */
export type Outcome =
  | { kind: 'left' }
  /** Which fields were refused, by name. */
  | { kind: 'refused'; fields: string[] }
  /** To be tried again after so many seconds. */
  | { kind: 'wait'; seconds: number }
  /** The form is no longer taken: another one is. */
  | { kind: 'over' }
  | { kind: 'failed' };

const number = (value: unknown, usual: number): number =>
  typeof value === 'number' && value >= 0 ? value : usual;

/** Asks for a form; null when there is none to be had now. */
export async function askForForm(url: string, language: string): Promise<Form | null> {
  const response = await fetch(`${url}/form?language=${language}`, {
    cache: 'no-store',
    credentials: 'omit',
  });
  if (!response.ok) return null;
  const from = (await response.json()) as Record<string, unknown>;
  const privacy = text(from.privacy_url);
  return {
    kind: from.kind === 'callback' ? 'callback' : 'message',
    form: text(from.form),
    consent: text(from.consent),
    privacyUrl: /^https?:\/\//.test(privacy) ? privacy : '',
    minSeconds: number(from.min_seconds, 3),
    maxText: number(from.max_text, 500),
    at: Date.now(),
  };
}

/** Sends what was entered; the same `key` makes sure that it is kept once. */
export async function send(url: string, body: object, key: string): Promise<Outcome> {
  const response = await fetch(`${url}/enquiries`, {
    method: 'POST',
    credentials: 'omit',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });
  if (response.ok) return { kind: 'left' };
  if (response.status === 429) {
    return { kind: 'wait', seconds: Number(response.headers.get('retry-after')) || 60 };
  }
  if (response.status === 409) return { kind: 'over' };
  if (response.status !== 422) return { kind: 'failed' };
  const { fields } = (await response.json()) as { fields?: { field?: unknown }[] };
  return { kind: 'refused', fields: (fields ?? []).map(({ field }) => text(field)) };
}
