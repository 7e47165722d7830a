import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { searchOfContacts } from '../../app/search';
import { contactQuery, contactsSource } from '../../data/contacts';
import { itemsQuery } from '../../parts/list/items';

const contacts = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'contacts',
  validateSearch: searchOfContacts,
  // Read while the page is loaded and drawn for the first time; from then on it reads for itself.
  staleTime: Number.POSITIVE_INFINITY,
  loader: ({ context: { queryClient }, params: { tenant }, location }) => {
    const { q, ...filter } = searchOfContacts(location.search);
    void queryClient.prefetchInfiniteQuery(itemsQuery(contactsSource(tenant, filter), q));
  },
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
