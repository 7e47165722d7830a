import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { searchOfContacts } from '../../app/search';
import { contactQuery } from '../../data/contacts';

const contacts = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'contacts',
  validateSearch: searchOfContacts,
  component: lazyRouteComponent(() => import('./ContactsPage'), 'ContactsPage'),
});

const newContact = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'contacts/new',
  component: lazyRouteComponent(() => import('./NewContactPage'), 'NewContactPage'),
});

const contact = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'contacts/$contact',
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(contactQuery(params.tenant, params.contact)),
  component: lazyRouteComponent(() => import('./ContactPage'), 'ContactPage'),
});

export const contactRoutes = [contacts, newContact, contact] as const;
