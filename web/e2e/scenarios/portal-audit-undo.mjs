/** What of the audit trail can be undone, and what is not. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { idOf, TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const CONTACTS = `/tenants/${TENANT}/contacts`;
const CONTACT = idOf('C', 1);
const LEFT = { job_title: 'Head of support', office: 'B 204' };

/** Something that was done just now. */
const done = (number, act, kind, object, changes) => ({
  id: idOf('L', number),
  at: new Date().toISOString(),
  request: null,
  actor: { kind: 'user', id: idOf('U', 1) },
  act,
  kind,
  object,
  changes,
});

/** Opens a trail; what the first contact's fields were changed to is still so. */
async function openTrail(stage, entries, options = {}) {
  const portal = await openPortal(stage, options);
  furnish(portal.mock.company, TENANT);
  if (entries) portal.mock.company[`/tenants/${TENANT}/audit`] = entries;
  portal.mock.change(`${CONTACTS}/${CONTACT}`, LEFT);
  await portal.go(`t/${TENANT}/audit`);
  return portal;
}

async function choose(page, of, action = 'Undo') {
  await page.getByRole('button', { name: of }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

const contactOf = ({ mock }) => mock.company[CONTACTS].find(({ id }) => id === CONTACT);
const changes = ({ mock }) =>
  mock.requests.filter(({ method, path }) => method !== 'GET' && path !== '/session');
const FIELDS = /^Actions for Changed: Contact/;

export async function fields_are_put_back_after_they_were_shown(stage) {
  const { page } = stage;
  const portal = await openTrail(stage);
  await choose(page, FIELDS);
  const dialog = page.getByRole('dialog', { name: 'Undo “Changed: Contact”?' });
  await dialog.getByRole('row', { name: 'Job title Head of support Support engineer' }).waitFor();
  await dialog.getByRole('row', { name: /^Office B 204/ }).waitFor();
  await dialog.getByText('It is about ').waitFor();
  await portal.inspect('audit-undo', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await portal.told('Undone: Changed: Contact.');
  assert.deepEqual(changes(portal).at(-1).body, { job_title: 'Support engineer', office: null });
  assert.equal(contactOf(portal).office, null);
  // Once is enough.
  await choose(page, FIELDS, 'Details');
  await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await dialog.getByText('It is as it was before already.').waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Undo' }).count(), 0);
  await portal.inspect('audit-undo-already', { isOverlay: true });
}

export async function what_has_changed_since_is_not_undone(stage) {
  const { page } = stage;
  const portal = await openTrail(stage);
  portal.mock.change(`${CONTACTS}/${CONTACT}`, { office: 'C 7' });
  await choose(page, FIELDS);
  const dialog = page.getByRole('dialog');
  await dialog.getByText('It has changed since, so this is not undone').waitFor();
  await dialog.getByRole('row', { name: 'Office B 204 C 7' }).waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Undo' }).count(), 0);
  await portal.inspect('audit-undo-changed', { isOverlay: true });
  assert.deepEqual(changes(portal), []);
}

export async function who_was_faster_is_not_overwritten(stage) {
  const { page } = stage;
  const portal = await openTrail(stage);
  await choose(page, FIELDS);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Undo' }).waitFor();
  portal.mock.change(`${CONTACTS}/${CONTACT}`, { office: 'C 7' });
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await dialog.getByText('It has changed since, so this is not undone').waitFor();
  await dialog.getByRole('alert').getByText('Somebody else has changed it.').waitFor();
  assert.equal(contactOf(portal).office, 'C 7');
}

export async function a_deleted_contact_is_brought_back_from_the_trail(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: `t/${TENANT}/contacts/${CONTACT}` });
  furnish(portal.mock.company, TENANT);
  const was = { display_name: ['Anna Müller', null] };
  portal.mock.company[`/tenants/${TENANT}/audit`] = [done(1, 'remove', 'contact', CONTACT, was)];
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Delete contact' }).click();
  await page.getByRole('heading', { level: 1, name: 'Contacts' }).waitFor();
  await portal.go(`t/${TENANT}/audit`);
  const removed = /^Actions for Removed: Contact/;
  await choose(page, removed);
  const dialog = page.getByRole('dialog');
  await dialog.getByText('The contact comes back as it was').waitFor();
  await dialog.getByText('It is about Anna Müller.').waitFor();
  await portal.inspect('audit-undo-removal', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await portal.told('Undone: Removed: Contact.');
  assert.ok(contactOf(portal));
  // Nobody comes back twice.
  await choose(page, removed);
  await dialog.getByText('It is as it was before already.').waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Undo' }).count(), 0);
}

export async function members_and_pins_are_undone(stage) {
  const { page } = stage;
  const group = idOf('G', 1);
  const portal = await openTrail(stage, [
    done(1, 'update', 'group', group, { members: [null, idOf('C', 0)] }),
    done(2, 'update', 'contact', CONTACT, { pinned: [null, 'job_title'] }),
  ]);
  // Written before it was pinned.
  const at = '2026-01-01T00:00:00.000Z';
  const pinned = { source: idOf('D', 1), run: null, at, is_pinned: true };
  Object.assign(contactOf(portal), {
    provenance: { job_title: pinned },
    said: { job_title: 'Said by the directory' },
  });
  const dialog = page.getByRole('dialog');
  await choose(page, /^Actions for Changed: Group/);
  const { name } = portal.mock.company[`/tenants/${TENANT}/groups`].find(({ id }) => id === group);
  await dialog.getByText(`The contact leaves the group ${name} again.`).waitFor();
  await dialog.getByText('It is about ').waitFor();
  await portal.inspect('audit-undo-member', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await portal.told('Undone: Changed: Group.');
  assert.match(changes(portal).at(-1).path, /groups\/.*\/members\//);
  assert.deepEqual(portal.mock.company[`/tenants/${TENANT}/groups/${group}/members`], []);
  await choose(page, FIELDS);
  await dialog.getByText('The field Job title follows its source again').waitFor();
  await dialog.getByText(`Now Job title is: ${LEFT.job_title}`).waitFor();
  await dialog.getByText('It is about ').waitFor();
  await portal.inspect('audit-undo-unpin', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await portal.told('Undone: Changed: Contact.');
  assert.equal(contactOf(portal).job_title, 'Said by the directory');
  // A pin that was taken away comes back with the value that it kept.
  portal.mock.company[`/tenants/${TENANT}/audit`] = [
    done(3, 'update', 'contact', CONTACT, {
      pinned: ['job_title', null],
      job_title: [LEFT.job_title, 'Said by the directory'],
    }),
  ];
  await portal.go(`t/${TENANT}/audit`);
  await choose(page, FIELDS);
  await dialog.getByText('The field Job title is pinned again').waitFor();
  await dialog.getByRole('row', { name: /Job title Said by the directory Head/ }).waitFor();
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await portal.told('Undone: Changed: Contact.');
  const { job_title, provenance } = contactOf(portal);
  assert.deepEqual([job_title, provenance.job_title.is_pinned], [LEFT.job_title, true]);
}

export async function what_was_entered_after_a_pin_is_not_lost(stage) {
  const { page } = stage;
  const pin = done(1, 'update', 'contact', CONTACT, { pinned: [null, 'job_title'] });
  const portal = await openTrail(stage, [pin]);
  const written = { source: null, run: null, is_pinned: true };
  const pinnedAt = (at) => {
    contactOf(portal).provenance = { job_title: { ...written, at } };
  };
  const dialog = page.getByRole('dialog');
  pinnedAt(new Date(Date.parse(pin.at) + 1).toISOString());
  await choose(page, FIELDS);
  await dialog.getByText('The value was entered after it was pinned').waitFor();
  await dialog.getByText(`Now Job title is: ${LEFT.job_title}`).waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Undo' }).count(), 0);
  await portal.inspect('audit-undo-newer', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Close' }).click();
  // What was entered before has the time of the pin itself.
  pinnedAt(pin.at);
  await choose(page, FIELDS);
  await dialog.getByRole('button', { name: 'Undo' }).waitFor();
  assert.deepEqual(changes(portal), []);
}

export async function what_a_publication_shows_is_put_back(stage) {
  const { page } = stage;
  const publication = idOf('P', 1);
  const [first, second, third] = [0, 1, 2].map((number) => ({ contact: idOf('C', number) }));
  const before = [first, { group: idOf('G', 1) }, second];
  const after = [second, third, first];
  const portal = await openTrail(stage, [
    done(1, 'update', 'publication', publication, { entries: [before, after] }),
  ]);
  const { mock } = portal;
  mock.places.setEntries(publication, after);
  const shown = /^Actions for Changed: Publication/;
  const dialog = page.getByRole('dialog');
  const nameOf = (number) =>
    mock.company[CONTACTS].find(({ id }) => id === idOf('C', number)).display_name;
  const team = mock.company[`/tenants/${TENANT}/groups`].find(({ id }) => id === idOf('G', 1)).name;
  await choose(page, shown);
  await dialog.getByRole('region', { name: 'Added' }).getByText(team).waitFor();
  await dialog.getByRole('region', { name: 'Taken out' }).getByText(nameOf(2)).waitFor();
  await dialog.getByText('The order is another one.').waitFor();
  assert.equal(await dialog.getByText(nameOf(0)).count(), 0);
  await portal.inspect('audit-undo-entries', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await portal.told('Undone: Changed: Publication.');
  assert.deepEqual(changes(portal).at(-1).body, { entries: before });
  // Once somebody has changed it, what came later stays.
  mock.places.setEntries(publication, [first]);
  await choose(page, shown);
  await dialog.getByText('It has changed since, so this is not undone').waitFor();
  await dialog.getByRole('region', { name: 'Taken out' }).getByText(nameOf(2)).waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Undo' }).count(), 0);
}

export async function a_rule_of_presence_is_put_back_and_the_others_stay(stage) {
  const { page } = stage;
  const portal = await openTrail(stage, [
    done(1, 'update', 'presence_rules', TENANT, { calls: ['as_said', 'ignored'] }),
  ]);
  const at = `/tenants/${TENANT}`;
  portal.mock.presence.changeRules(at, { calls: 'ignored', grace_seconds: 90 });
  await choose(page, /^Actions for Changed: Presence rules/);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('row', { name: 'What a call does ignored as_said' }).waitFor();
  await portal.inspect('audit-undo-rules', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await portal.told('Undone: Changed: Presence rules.');
  const { method, path, body } = changes(portal).at(-1);
  assert.deepEqual([method, path], ['PUT', `${at}/presence_rules`]);
  assert.deepEqual([body.calls, body.grace_seconds], ['as_said', 90]);
}

export async function a_run_is_undone_on_its_page_and_secrets_never(stage) {
  const { page } = stage;
  const run = idOf('R', 4);
  await openTrail(stage, [
    done(1, 'synchronize', 'run', run, { state: ['running', 'succeeded'] }),
    done(2, 'rotate', 'tenant', TENANT, { sdk_key: ['***', '***'] }),
    done(3, 'update', 'tenant', TENANT, { header_value: ['***', '***'] }),
    done(4, 'remove', 'site', idOf('S', 9), { name: ['Hamburg', null] }),
  ]);
  for (const name of [/Replaced a key: Tenant/, /Changed: Tenant/, /Removed: Site/]) {
    await page.getByRole('button', { name }).click();
    await page.getByRole('menuitem').first().waitFor();
    assert.deepEqual(await page.getByRole('menuitem').allTextContents(), ['Details'], String(name));
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem').first().waitFor({ state: 'detached' });
  }
  await choose(page, /Synchronized: Run/, 'Show the run, to undo it');
  await page.getByRole('heading', { level: 1, name: /^Run of/ }).waitFor();
  assert.ok(page.url().endsWith(run));
}

export async function undoing_is_done_with_keys_and_in_german(stage) {
  const { page } = stage;
  const portal = await openTrail(stage, undefined, { language: 'de' });
  const menu = page.getByRole('button', { name: /^Aktionen für Geändert: Kontakt/ });
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Einzelheiten' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: '„Geändert: Kontakt“ rückgängig machen?' });
  await dialog.getByRole('button', { name: 'Rückgängig' }).waitFor();
  await portal.inspect('audit-undo-de', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Rückgängig' }).focus();
  await page.keyboard.press('Enter');
  await portal.told('Rückgängig gemacht: Geändert: Kontakt.');
}
