/**
 * Every page of the portal, for whoever walks through all of them. `route` is as the router has it,
 * with the names of identities that stand in the address; `title` its heading in both languages, `*`
 * for the name of what it is about; `isPlatform` says who sees it; `tabs` are looked at one after
 * another, and those with a question mark are not always there, nor are pages that are `isOptional`. A test of the portal compares the
 * list with its routes.
 */
import assert from 'node:assert/strict';
import { FORCED, LOOKS, SIZES, WIDE } from './looks.mjs';

const page = (name, route, title, more = {}) => ({ name, route, title, ...more });
const within = (name, path, title, more) => page(name, `/t/$tenant${path}`, title, more);
const platform = (name, route, title) => page(name, route, title, { isPlatform: true });

/** The heading of a page that is about one object: its name. */
const ITS_NAME = { en: '*', de: '*' };

/** The pages behind the sign-in. */
export const PAGES = [
  within('home', '/', ITS_NAME),
  within('setup', '/setup', { en: 'Set-up', de: 'Einrichtung' }),
  within('contacts', '/contacts', { en: 'Contacts', de: 'Kontakte' }),
  within('contact-new', '/contacts/new', { en: 'Add a contact', de: 'Einen Kontakt hinzufügen' }),
  within('contact', '/contacts/$contact', ITS_NAME, {
    tabs: {
      en: ['Details', 'Presence', 'Avatars', 'vCard?'],
      de: ['Details', 'Präsenz', 'Avatare', 'vCard?'],
    },
  }),
  within('groups', '/groups/', { en: 'Groups', de: 'Gruppen' }),
  within('group-new', '/groups/new', { en: 'Add a group', de: 'Eine Gruppe hinzufügen' }),
  within('group', '/groups/$group', ITS_NAME, {
    tabs: { en: ['Members', 'Administrators'], de: ['Mitglieder', 'Administration'] },
  }),
  within('sites', '/sites', { en: 'Sites', de: 'Standorte' }),
  within('site-new', '/sites/new', { en: 'Add a site', de: 'Einen Standort hinzufügen' }),
  within('site', '/sites/$site', ITS_NAME),
  within('publications', '/publications', { en: 'Publications', de: 'Veröffentlichungen' }),
  within('publication-new', '/publications/new', {
    en: 'Add a publication',
    de: 'Eine Veröffentlichung hinzufügen',
  }),
  within('publication', '/publications/$publication', ITS_NAME, {
    tabs: {
      en: ['Details', 'Cards', 'Embedding', 'Preview'],
      de: ['Details', 'Karten', 'Einbetten', 'Vorschau'],
    },
  }),
  within('templates', '/templates', { en: 'Templates', de: 'Vorlagen' }),
  within('template', '/templates/$template', ITS_NAME, { isOptional: true }),
  within('enquiries', '/enquiries', { en: 'Enquiries', de: 'Anfragen' }),
  within('domains', '/domains', { en: 'Domains', de: 'Domains' }),
  within('domain-new', '/domains/new', { en: 'Add a domain', de: 'Eine Domain hinzufügen' }),
  within('domain', '/domains/$domain', ITS_NAME, {
    tabs: { en: ['Details', 'Default avatars'], de: ['Details', 'Standard-Avatare'] },
  }),
  within('sources', '/sources', { en: 'Sources', de: 'Quellen' }),
  within('source-new', '/sources/new', { en: 'Add a source', de: 'Eine Quelle hinzufügen' }),
  within('source', '/sources/$source', ITS_NAME, {
    tabs: {
      en: ['Settings', 'Password?', 'Try out', 'Presence?', 'Runs', 'Set aside'],
      de: ['Einstellungen', 'Passwort?', 'Ausprobieren', 'Präsenz?', 'Läufe', 'Zurückgestellt'],
    },
  }),
  within('runs', '/runs', { en: 'Runs', de: 'Läufe' }),
  within('run', '/runs/$run', { en: 'Run of *', de: 'Lauf von *' }),
  within('alerts', '/alerts', { en: 'Alerts', de: 'Meldungen' }),
  within(
    'presence',
    '/presence',
    { en: 'Presence rules', de: 'Präsenzregeln' },
    {
      tabs: { en: ['Rules', 'Named states'], de: ['Regeln', 'Benannte Status'] },
    },
  ),
  // Without licences there are none of its tabs.
  within(
    'profiles',
    '/profiles',
    { en: 'Profiles', de: 'Profile' },
    {
      tabs: {
        en: ['Presence profiles?', 'Client profiles?'],
        de: ['Präsenzprofile?', 'Client-Profile?'],
      },
    },
  ),
  within(
    'clients',
    '/clients',
    { en: 'Clients', de: 'Clients' },
    { tabs: { en: ['Who may?', 'What there is?'], de: ['Wer darf?', 'Was es gibt?'] } },
  ),
  within('users', '/users', { en: 'Users', de: 'Benutzer' }),
  within('user-new', '/users/new', { en: 'Add a user', de: 'Einen Benutzer hinzufügen' }),
  within('user', '/users/$user', ITS_NAME, {
    tabs: {
      en: ['Account', 'Roles', 'Password?', 'Signing in?'],
      de: ['Konto', 'Rollen', 'Passwort?', 'Anmeldung?'],
    },
  }),
  within('identity-providers', '/identity-providers', {
    en: 'Identity providers',
    de: 'Identitätsanbieter',
  }),
  within('identity-provider-new', '/identity-providers/new', {
    en: 'Add an identity provider',
    de: 'Einen Identitätsanbieter hinzufügen',
  }),
  within('identity-provider', '/identity-providers/$identityProvider', ITS_NAME, {
    isOptional: true,
  }),
  within('audit', '/audit', { en: 'Audit', de: 'Protokoll' }),
  within('settings', '/settings', { en: 'Settings', de: 'Einstellungen' }),
  page('account', '/account', { en: 'My account', de: 'Mein Konto' }),
  platform('tenants', '/tenants', { en: 'Tenants', de: 'Mandanten' }),
  platform('tenant-new', '/tenants/new', { en: 'Add a tenant', de: 'Einen Mandanten hinzufügen' }),
  platform('system', '/system', { en: 'System', de: 'System' }),
  platform('resellers', '/resellers', { en: 'Resellers', de: 'Reseller' }),
  platform('reseller-new', '/resellers/new', {
    en: 'Add a reseller',
    de: 'Einen Reseller hinzufügen',
  }),
  platform('reseller', '/resellers/$reseller', ITS_NAME),
  platform('platform-users', '/users', { en: 'Platform users', de: 'Benutzer der Plattform' }),
  platform('platform-user-new', '/users/new', {
    en: 'Add a user',
    de: 'Einen Benutzer hinzufügen',
  }),
  platform('platform-user', '/users/$user', ITS_NAME),
];

/** Routes that are no page of their own: they lead to one, or say that there is none. */
export const OTHERS = ['/', '/sign-in', '/second-factor', '/operator', '/$'];

/** The address of a page below `/portal/`; throws when an identity is missing. */
export function addressOf({ name, route }, ids) {
  const filled = route.slice(1).replaceAll(/\$(\w+)/g, (_, kind) => {
    if (!ids[kind]) throw new Error(`there is no ${kind} to show the page ${name} of`);
    return ids[kind];
  });
  return filled.replace(/\/$/, '');
}

const DESKTOP = { size: 'desktop', scheme: 'light' };
const PHONE = { size: 'phone', scheme: 'light' };

/**
 * As what all pages are walked through, one after another: how each is looked at when not in everything,
 * and what its pictures are called.
 */
const WALKS = [
  { name: 'en', language: 'en', few: [DESKTOP, WIDE, FORCED], all: [...LOOKS, WIDE, FORCED] },
  { name: 'de', language: 'de', few: [{ ...PHONE, scheme: 'dark' }], all: [...LOOKS, WIDE] },
  { name: 'contrast', language: 'de', look: 'contrast', few: [DESKTOP], all: [DESKTOP, PHONE] },
  { name: 'rtl', language: 'en', direction: 'rtl', few: [DESKTOP, PHONE], all: LOOKS },
];

/** Reads from the API as a page does. */
export const read = (page, path) =>
  page.evaluate(async (from) => (await fetch(`/api/v1${from}`)).json(), path);

/** One object of each kind of the tenant that somebody is signed in to. */
export async function idsOf(page) {
  const { tenant, user } = await read(page, '/session');
  const ids = { tenant, user };
  for (const kind of ['contact', 'group', 'site', 'publication', 'domain', 'source', 'run']) {
    ids[kind] = (await read(page, `/tenants/${tenant}/${kind}s?limit=1`)).items[0]?.id;
  }
  const providers = await read(page, `/tenants/${tenant}/identity_providers?limit=1`);
  ids.identityProvider = providers.items?.[0]?.id;
  const templates = await read(page, `/tenants/${tenant}/templates`);
  ids.template = templates.items.find(({ is_built_in }) => !is_built_in)?.id;
  return ids;
}

/** The name of what an address is about, as the page's heading has it. */
async function nameOf(page, address) {
  const of = async (path) => {
    const found = await read(page, path);
    const whole = [found.first_name, found.last_name].filter(Boolean).join(' ');
    return found.shown_name ?? found.title ?? (whole || found.name);
  };
  // The users of the platform are those of a tenant that the session names.
  const { tenant } = await read(page, '/session');
  const path = address
    .replace(/^t\//, 'tenants/')
    .replace(/^users\//, `tenants/${tenant}/users/`)
    .replace('identity-providers', 'identity_providers');
  if (!/\/runs\//.test(path)) return of(`/${path}`);
  const { source } = await read(page, `/${path}`);
  return of(`/${path.replace(/runs\/.*/, `sources/${source}`)}`);
}

/**
 * Looks at every page of a tenant, or of the platform, and at the tabs of each, in both languages, in
 * high contrast and from right to left: in every size and theme, or in a few of each, which finds nearly
 * as much in a quarter of the time. Each must be the page that it is taken for, and nothing of it cut off.
 * `isQuick` leaves out what hangs on the pages alone, and not on what they are about: themes and directions.
 */
export async function walk(portal, ids, options = {}) {
  const { isPlatform = false, isThorough = false, isQuick = false } = options;
  for (const { name: as, language, few, all, ...how } of WALKS) {
    if (isQuick && as !== language) continue;
    await portal.speak(language, how);
    for (const one of PAGES.filter((page) => Boolean(page.isPlatform) === isPlatform)) {
      await visit(portal, one, { ids, language }, async (name) => {
        for (const look of isThorough ? all : few) {
          await portal.look(`${name}-${as}`, look);
          await portal.expectWhole(`${name} as ${as} in ${look.size}`);
        }
      });
    }
  }
  await portal.speak('en');
  await portal.page.setViewportSize(SIZES.desktop);
}

async function visit(portal, one, { ids, language }, look) {
  const { page } = portal;
  if (one.isOptional && !ids[/\$(\w+)$/.exec(one.route)[1]]) return;
  const address = addressOf(one, ids);
  await portal.open(address);
  const wanted = one.title[language];
  const title = wanted.includes('*') ? wanted.replace('*', await nameOf(page, address)) : wanted;
  assert.deepEqual(
    [await page.getByRole('heading', { level: 1 }).allTextContents(), await page.title()],
    [[title], `${title} – Switchboard`],
    `the page ${one.name} is another one`,
  );
  assert.equal(await page.locator('html').getAttribute('lang'), language, one.name);
  const tabs = await tabsOf(page, one, language);
  await isWell(page, one.name);
  await look(one.name);
  for (const [at, tab] of tabs.entries()) {
    if (at === 0) continue;
    await page.getByRole('main').getByRole('tab', { name: tab, exact: true }).click();
    await portal.settle();
    const chosen = page.getByRole('main').getByRole('tab', { selected: true });
    assert.deepEqual(await chosen.allInnerTexts(), [tab], one.name);
    await isWell(page, `${tab} of ${one.name}`);
    await look(`${one.name}-${at + 1}`);
  }
}

/** A page that could not be loaded has its heading all the same. */
async function isWell(page, name) {
  assert.deepEqual(
    await page.getByRole('alert').allInnerTexts(),
    [],
    `${name} says what went wrong`,
  );
}

/** The tabs of a page, which must be those that it is known to have. */
async function tabsOf(page, { name, tabs }, language) {
  if (!tabs) return [];
  // What is seen: each holds its text a second time, to be as wide as when it is chosen.
  const there = await page.getByRole('main').getByRole('tab').allInnerTexts();
  const known = tabs[language].filter(
    (tab) => !tab.endsWith('?') || there.includes(tab.slice(0, -1)),
  );
  assert.deepEqual(
    there,
    known.map((tab) => tab.replace(/\?$/, '')),
    `the tabs of ${name}`,
  );
  return there;
}
