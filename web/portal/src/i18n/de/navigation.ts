import type { navigation as english } from '../en/navigation';

export const navigation: Record<keyof typeof english, string> = {
  'home.title': 'Start',
  'contacts.title': 'Kontakte',
  'groups.title': 'Gruppen',
  'sites.title': 'Standorte',
  'publications.title': 'Veröffentlichungen',
  'enquiries.title': 'Anfragen',
  'domains.title': 'Domains',
  'sources.title': 'Quellen',
  'runs.title': 'Läufe',
  'alerts.title': 'Meldungen',
  'presence.rules.title': 'Präsenzregeln',
  'profiles.title': 'Profile',
  'users.title': 'Benutzer',
  'providers.title': 'Identitätsanbieter',
  'audit.title': 'Protokoll',
  'settings.title': 'Einstellungen',
  'tenants.title': 'Mandanten',
  'resellers.title': 'Reseller',
  'users.platform': 'Benutzer der Plattform',
  'synchronize.action': 'Synchronisieren',
};
