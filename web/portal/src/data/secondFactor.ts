import { answer } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';

export type SecondFactor = Schema<'SecondFactorView'>;
export type Begun = Schema<'BegunView'>;

/** Whether one has a second factor oneself. */
export const secondFactorQuery = queryOptions({
  queryKey: ['second_factor'],
  queryFn: ({ signal }) => answer(api.GET('/session/second_factor', { signal })),
});

/** Begins to set one up. */
export function beginSecondFactor(password: string): Promise<Begun> {
  return answer(api.POST('/session/second_factor', { body: { password: password || null } }));
}

/** Proves that the authenticator works; gives the recovery codes. */
export async function confirmSecondFactor(code: string): Promise<string[]> {
  const kept = await answer(api.POST('/session/second_factor/confirmation', { body: { code } }));
  return kept.recovery_codes;
}

/** Takes one's own away. */
export async function removeSecondFactor(code: string): Promise<void> {
  await answer(api.POST('/session/second_factor/removal', { body: { code } }));
}

/** Takes somebody's away who lost it. */
export async function resetSecondFactor(tenant: string, user: string): Promise<void> {
  const path = { tenant, user };
  await answer(api.DELETE('/tenants/{tenant}/users/{user}/second_factor', { params: { path } }));
}
