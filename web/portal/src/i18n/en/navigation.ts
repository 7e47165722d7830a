/** What the areas are called, and what is at hand before one is opened. */
export const navigation = {
  'home.title': 'Home',
  'contacts.title': 'Contacts',
  'groups.title': 'Groups',
  'sites.title': 'Sites',
  'publications.title': 'Publications',
  'domains.title': 'Domains',
  'sources.title': 'Sources',
  'runs.title': 'Runs',
  'alerts.title': 'Alerts',
  'users.title': 'Users',
  'audit.title': 'Audit',
  'settings.title': 'Settings',
  'tenants.title': 'Tenants',
  'resellers.title': 'Resellers',
  'users.platform': 'Platform users',
  'synchronize.action': 'Synchronize',
} as const;
