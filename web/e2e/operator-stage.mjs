/** What the operator's scenarios share. */
import assert from 'node:assert/strict';
import { startMockApi } from './mock-api.mjs';
import { contactOf, idOf, kept, TENANT } from './mock-company.mjs';
import { MockRose } from './mock-rose.mjs';
import { openPortalAt } from './portal-stage.mjs';

export const HOME = `/tenants/${TENANT}`;
export const OWN = idOf('C', 0);

/** Puts contacts into a group that the company gets for it. */
export function addGroup(company, number, name, members) {
  const id = idOf('G', number);
  const group = { ...kept(id), name, parent: null, root_of: null, synced_from: null };
  company[`${HOME}/groups`].push({ ...group, member_count: members.length });
  company[`${HOME}/groups/${id}/members`] = company[`${HOME}/contacts`].filter((contact) =>
    members.includes(contact.id),
  );
  return id;
}

/** A contact of the company that no list has made. */
export function addContact(company, number, fields) {
  const contact = contactOf(idOf('C', number), fields);
  company[`${HOME}/contacts`].push(contact);
  return contact.id;
}

/**
 * Opens the operator on a mock gateway, for somebody who may use it and is in two groups; `before` says what is
 * different. `as` is who is signed in, or null for nobody; `isThere` says whether it is waited for.
 */
export async function openOperator(stage, options = {}) {
  const { as = 'admin', contacts, before, isThere = true } = options;
  const mock = await startMockApi(contacts ? { contacts } : {});
  stage.keep(mock);
  stage.allow(/Failed to load resource/);
  const { company } = mock;
  const [user] = company[`${HOME}/users`];
  Object.assign(user, { is_client_allowed: true, contact: OWN });
  company['/tenants'][0].client_licences = 10;
  mock.profiles.own.is_fixed = false;
  const ids = (from, to) => Array.from({ length: to - from }, (_, at) => idOf('C', from + at));
  addGroup(company, 900, 'Customer support', [OWN, ...ids(1, 10)]);
  addGroup(company, 901, 'Sales', [OWN, ...ids(8, 16)]);
  for (const [at, contact] of company[`${HOME}/contacts`].entries()) {
    if (at % 4 !== 3) contact.work_phone = `+49 (0)30 5550 ${100 + at}`;
  }
  const rose = new MockRose(mock);
  stage.keep(rose);
  await before?.(mock, rose);
  await rose.attach(stage.page);
  if (as) await stage.context.addCookies([mock.cookieOf(as)]);
  const portal = await openPortalAt(stage, mock.url, { ...options, path: null });
  const { look } = portal;
  const { page } = stage;
  const operator = Object.assign(portal, {
    mock,
    rose,
    async enter() {
      await page.goto(`${mock.url}/operator/`);
    },
    /** Waits until somebody is there. */
    async there() {
      await page.locator('h2').first().waitFor();
      await page.locator('li[data-state]').first().waitFor();
    },
    async look(name, how) {
      await look(`operator-${name}`, how);
      assert.deepEqual(mock.faults, []);
    },
    /** The row of a colleague. */
    row: (name) => page.locator('li[data-state]').filter({ hasText: name }).first(),
    /** The requests of a kind that were sent. */
    sent: (method, path) =>
      mock.requests.filter((one) => one.method === method && one.path.endsWith(path)),
  });
  await operator.enter();
  if (isThere) await operator.there();
  return operator;
}

/** Lets the browser see whether somebody uses the computer, as the test says. */
export async function watchIdle({ context, page }, url) {
  const devtools = await context.newCDPSession(page);
  const browser = await context.browser().newBrowserCDPSession();
  return {
    /** As if somebody had pressed a button of the browser's own. */
    async grant() {
      const { targetInfo } = await devtools.send('Target.getTargetInfo');
      const { browserContextId } = targetInfo;
      const permissions = ['idleDetection'];
      await browser.send('Browser.grantPermissions', {
        permissions,
        origin: url,
        browserContextId,
      });
    },
    set: (isUserActive, isScreenUnlocked = true) =>
      devtools.send('Emulation.setIdleOverride', { isUserActive, isScreenUnlocked }),
  };
}
