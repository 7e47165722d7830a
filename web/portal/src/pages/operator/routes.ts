import { createRoute } from '@tanstack/react-router';
import { OPERATOR } from '../../app/operator';
import { signedRoute } from '../../app/roots';
import { Pending } from '../../frame/Pending';

/** Where the operator sends who is not signed in; who is, is sent back to it. */
const operator = createRoute({
  getParentRoute: () => signedRoute,
  path: 'operator',
  beforeLoad: ({ preload }) => {
    if (preload) return undefined;
    location.replace(OPERATOR);
    // Nothing of the portal is shown before the other page is there.
    return new Promise<never>(() => {});
  },
  component: Pending,
});

export const operatorRoutes = [operator] as const;
