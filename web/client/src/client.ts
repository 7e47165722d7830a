import createClient, { type Client, type Middleware } from 'openapi-fetch';
import { problemOf, Unreachable } from './problem';
import type { paths } from './schema';

/** The gateway's API: `GET`, `POST`, … with typed paths. Refusals are thrown as `Problem`. */
export type Api = Client<paths>;

export interface Options {
  /** Where the API is; the page's own origin when absent. */
  baseUrl?: string;
  /**
   * Asked when the session has ended. Whoever answers signs in again and resolves with true: then
   * the request is sent once more. False lets the refusal through.
   */
  renew?: () => Promise<boolean>;
  /** Whether somebody is there: requests that are not theirs keep no session alive. */
  isAttended?: () => boolean;
  /** Replaces the browser's `fetch` in tests. */
  fetch?: (request: Request) => Promise<Response>;
}

export interface Switchboard {
  api: Api;
  /** What changes send in `X-CSRF-Token`; null while nobody is signed in. */
  setCsrfToken: (token: string | null) => void;
  /**
   * Sends what the document does not describe, such as pictures. `path` is below `/api/v1`.
   * Refusals are thrown as `Problem`.
   */
  send: (path: string, init?: RequestInit) => Promise<Response>;
}

const BASE = '/api/v1';
const SAFE = new Set(['GET', 'HEAD']);

/** Makes a client of one gateway. */
export function connect(options: Options): Switchboard {
  const { baseUrl = BASE, renew, isAttended, fetch: reach = sendOut } = options;
  let csrfToken: string | null = null;

  const signed = (request: Request): Request => {
    if (csrfToken && !SAFE.has(request.method)) request.headers.set('X-CSRF-Token', csrfToken);
    if (isAttended && !isAttended()) request.headers.set('X-Unattended', '1');
    return request;
  };
  const attempt = async (request: Request): Promise<Response> => {
    try {
      return await reach(request);
    } catch (error) {
      // An aborted request is not a missing network.
      if (request.signal.aborted) throw error;
      throw new Unreachable('The gateway cannot be reached.', { cause: error });
    }
  };
  const carry = async (request: Request): Promise<Response> => {
    const again = renew && !isAboutSession(request) ? request.clone() : null;
    const response = await attempt(signed(request));
    if (response.status === 401 && again && renew && (await renew())) {
      return attempt(signed(again));
    }
    return response;
  };

  const refusals: Middleware = {
    async onResponse({ response }) {
      if (!response.ok) throw await problemOf(response);
    },
  };
  const api = createClient<paths>({ baseUrl, fetch: carry });
  api.use(refusals);
  return {
    api,
    setCsrfToken(token) {
      csrfToken = token;
    },
    async send(path, init) {
      const response = await carry(new Request(`${baseUrl}${path}`, init));
      if (!response.ok) throw await problemOf(response);
      return response;
    },
  };
}

/** Signing in and out answers for itself. */
function isAboutSession(request: Request): boolean {
  return /\/session(\/link)?$/.test(new URL(request.url).pathname);
}

function sendOut(request: Request): Promise<Response> {
  return globalThis.fetch(request);
}

/** What was answered; refusals have been thrown before. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  // Without content there is nothing to give, and the document's types say so.
  return (await call).data as T;
}
