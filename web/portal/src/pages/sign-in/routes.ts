import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/roots';

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: 'sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string } =>
    typeof search.to === 'string' && isWithin(search.to) ? { to: search.to } : {},
  component: lazyRouteComponent(() => import('./SignInPage'), 'SignInPage'),
});

/** Whether an address is one of the portal: nobody is sent elsewhere after signing in. */
export function isWithin(address: string): boolean {
  return address.startsWith('/') && !address.startsWith('//') && !address.includes('\\');
}

export const signInRoutes = [signIn] as const;
