import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/roots';

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: 'sign-in',
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    ...(typeof search.to === 'string' && isWithin(search.to) && { to: search.to }),
    ...(search.tenant !== undefined && { tenant: String(search.tenant).slice(0, 128) }),
    ...(isFailure(search.failed) && { failed: search.failed }),
  }),
  component: lazyRouteComponent(() => import('./SignInPage'), 'SignInPage'),
});

interface SignInSearch {
  /** Where to go on. */
  to?: string;
  /** Whose user wants to sign in. */
  tenant?: string;
  /** Why an identity provider signed nobody in. */
  failed?: Failure;
}

const FAILURES = ['expired', 'away', 'refused', 'untrusted', 'unknown', 'disabled'] as const;

/** Why an identity provider signed nobody in, as the gateway says it. */
export type Failure = (typeof FAILURES)[number];

function isFailure(value: unknown): value is Failure {
  return FAILURES.some((known) => known === value);
}

/** Whether an address is one of the portal: nobody is sent elsewhere after signing in. */
export function isWithin(address: string): boolean {
  return address.startsWith('/') && !address.startsWith('//') && !address.includes('\\');
}

export const signInRoutes = [signIn] as const;
