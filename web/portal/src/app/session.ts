import { answer, isProblem } from '@switchboard/client';
import { type QueryClient, queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api, type Schema, send, setCsrfToken } from './gateway';
import { type Action, mayIn } from './rights';
import { forgetAll, stopAll } from './work';

export type Session = Schema<'SessionView'>;
export type SignIn = Schema<'SignInFields'>;

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return begin(await answer(api.GET('/session', { signal })));
    } catch (error) {
      if (isProblem(error, 'not_signed_in')) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

/** Signs in with a password. */
export async function signIn(client: QueryClient, fields: SignIn): Promise<Session> {
  return keep(client, await answer(api.POST('/session', { body: fields })));
}

/** Signs in with the token of a one-time link, and a code when one is asked for. */
export async function signInByLink(
  client: QueryClient,
  token: string,
  code: string | null = null,
): Promise<Session> {
  const response = await send('/session/link', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token, code }),
  });
  return keep(client, (await response.json()) as Session);
}

/** Asks anew who is signed in, and how long that lasts; null when nobody is any more. */
export async function lookAtSession(client: QueryClient): Promise<Session | null> {
  try {
    return keep(client, await answer(api.GET('/session')));
  } catch (error) {
    if (isProblem(error, 'not_signed_in')) return null;
    throw error;
  }
}

/**
 * Signs out and forgets everything that was read and what went on in the background. Gives the address at which the identity provider ends
 * its own session, if there is one.
 */
export async function signOut(client: QueryClient): Promise<string | null> {
  // What is sent after the session has ended would wait for whoever signs in next.
  stopAll();
  const left = await api.DELETE('/session').catch((error: unknown) => {
    if (!isProblem(error, 'not_signed_in')) throw error;
    return null;
  });
  setCsrfToken(null);
  forgetAll();
  client.clear();
  return left?.data?.url ?? null;
}

/** The session of the one who works; only below routes that need one. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery);
  if (!data) throw new Error('nobody is signed in');
  return data;
}

/** Whether the one who works may do something in a tenant. */
export function useMay(tenant: string): (action: Action) => boolean {
  const session = useSession();
  return (action) => mayIn(session.grants, session.tenant, tenant, action);
}

function keep(client: QueryClient, session: Session): Session {
  client.setQueryData(sessionQuery.queryKey, begin(session));
  return session;
}

function begin(session: Session): Session {
  setCsrfToken(session.csrf_token);
  return session;
}
