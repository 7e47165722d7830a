/**
 * Every page of the portal, for whoever walks through all of them. `route` is as the router has it,
 * with the names of identities that stand in the address; `isPlatform` says who sees it; the tabs of
 * a page are looked at one after another. A test of the portal compares the list with its routes.
 */

import { LOOKS, SIZES } from './looks.mjs';

const page = (name, route, more = {}) => ({ name, route, ...more });
const within = (name, path, more) => page(name, `/t/$tenant${path}`, more);
const platform = (name, route) => page(name, route, { isPlatform: true });

/** The pages behind the sign-in. */
export const PAGES = [
  within('home', '/'),
  within('contacts', '/contacts'),
  within('contact-new', '/contacts/new'),
  within('contact', '/contacts/$contact', { hasTabs: true }),
  within('groups', '/groups/'),
  within('group-new', '/groups/new'),
  within('group', '/groups/$group'),
  within('sites', '/sites'),
  within('site-new', '/sites/new'),
  within('site', '/sites/$site'),
  within('publications', '/publications'),
  within('publication-new', '/publications/new'),
  within('publication', '/publications/$publication', { hasTabs: true }),
  within('domains', '/domains'),
  within('domain-new', '/domains/new'),
  within('domain', '/domains/$domain', { hasTabs: true }),
  within('sources', '/sources'),
  within('source-new', '/sources/new'),
  within('source', '/sources/$source', { hasTabs: true }),
  within('runs', '/runs'),
  within('run', '/runs/$run'),
  within('alerts', '/alerts'),
  within('users', '/users'),
  within('user-new', '/users/new'),
  within('user', '/users/$user', { hasTabs: true }),
  within('audit', '/audit'),
  within('settings', '/settings'),
  page('account', '/account'),
  platform('tenants', '/tenants'),
  platform('tenant-new', '/tenants/new'),
  platform('resellers', '/resellers'),
  platform('reseller-new', '/resellers/new'),
  platform('reseller', '/resellers/$reseller'),
  platform('platform-users', '/users'),
  platform('platform-user-new', '/users/new'),
  platform('platform-user', '/users/$user'),
];

/** Routes that are no page of their own: they lead to one, or say that there is none. */
export const OTHERS = ['/', '/sign-in', '/$'];

/** The address of a page below `/portal/`; throws when an identity is missing. */
export function addressOf({ name, route }, ids) {
  const filled = route.slice(1).replaceAll(/\$(\w+)/g, (_, kind) => {
    if (!ids[kind]) throw new Error(`there is no ${kind} to show the page ${name} of`);
    return ids[kind];
  });
  return filled.replace(/\/$/, '');
}

/** What a page is looked at in when not in everything. */
const FEWER = {
  en: [{ size: 'desktop', scheme: 'light' }],
  de: [{ size: 'phone', scheme: 'dark' }],
};

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
  return ids;
}

/**
 * Looks at every page of a tenant, or of the platform, and at the tabs of each, in both languages:
 * in both sizes and both themes, or in one of each, which finds nearly as much in a quarter of the
 * time.
 */
export async function walk(portal, ids, { isPlatform = false, isThorough = false } = {}) {
  for (const [language, few] of Object.entries(FEWER)) {
    await portal.speak(language);
    for (const one of PAGES.filter((page) => Boolean(page.isPlatform) === isPlatform)) {
      await visit(portal, one, ids, async (name) => {
        for (const look of isThorough ? LOOKS : few) {
          await portal.look(`${name}-${language}`, look);
        }
      });
    }
  }
  await portal.speak('en');
  await portal.page.setViewportSize(SIZES.desktop);
}

async function visit(portal, page, ids, look) {
  await portal.open(addressOf(page, ids));
  const tabs = portal.page.getByRole('main').getByRole('tab');
  const count = page.hasTabs ? await tabs.count() : 1;
  await look(page.name);
  for (let at = 1; at < count; at += 1) {
    await tabs.nth(at).click();
    await portal.settle();
    await look(`${page.name}-${at + 1}`);
  }
}
