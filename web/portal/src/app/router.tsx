import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { Failed } from '../frame/Failed';
import { Missing } from '../frame/Missing';
import { Pending } from '../frame/Pending';
import { routeTree } from './routes';

export type PortalRouter = ReturnType<typeof makeRouter>;

/** The addresses of the portal, below `/portal`. */
export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    basepath: '/portal',
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: Failed,
    defaultNotFoundComponent: Missing,
    defaultPendingComponent: Pending,
    defaultPendingMs: 200,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: PortalRouter;
  }
}
