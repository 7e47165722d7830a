/** Ten thousand of what there is most of: lists, trees and what is found in them, loaded to their end, under axe. */
import assert from 'node:assert/strict';
import { idOf, kept, TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const MANY = 10_000;
const HOME = `t/${TENANT}`;
const GROUPS = `/tenants/${TENANT}/groups`;

/** Looks at a page in both themes. */
async function look(portal, name) {
  for (const scheme of ['light', 'dark']) await portal.look(name, { size: 'desktop', scheme });
}

/** Scrolls to the end, again and again as more arrives, until the last of `count` rows is there. */
async function toTheEnd({ page }, count) {
  await page.locator('[data-row]').first().waitFor();
  await page.waitForFunction(
    (last) => {
      const scroller = document.querySelector('[role=grid] > [role=rowgroup]');
      scroller.scrollTop = scroller.scrollHeight;
      return document.querySelector(`[data-row="${last}"]`);
    },
    count - 1,
    { polling: 20, timeout: 300_000 },
  );
  await page.locator(`[data-row="${count - 1}"]`).focus();
}

const number = (at) => String(at + 1).padStart(5, '0');

/** Half of them at the top, half below one of them. */
function groups() {
  return Array.from({ length: MANY }, (_, at) => ({
    ...kept(idOf('H', at)),
    name: at === 0 ? 'All lists' : `List ${number(at)}`,
    parent: at > MANY / 2 ? idOf('H', 0) : null,
    root_of: null,
    synced_from: null,
    member_count: 0,
  }));
}

export async function ten_thousand_contacts_are_sound_to_the_end(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: `${HOME}/contacts`, contacts: MANY });
  const grid = page.getByRole('grid', { name: 'Contacts' });
  await grid.waitFor();
  await toTheEnd(portal, MANY);
  // With its head.
  assert.equal(await grid.getAttribute('aria-rowcount'), String(MANY + 1));
  await look(portal, 'many-contacts-end');
  await page.keyboard.press('Control+a');
  await page
    .getByRole('toolbar', { name: 'Selected entries' })
    .getByText('10,000 selected')
    .waitFor();
  await look(portal, 'many-contacts-chosen');
  await page.keyboard.press('Escape');
}

export async function what_is_found_among_ten_thousand_is_sound(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: `${HOME}/contacts?q=muller`, contacts: MANY });
  await page.getByRole('grid', { name: 'Contacts' }).waitFor();
  const said = await page.getByText(/^1,\d{3} entries$/).textContent();
  await toTheEnd(portal, Number(said.replace(/\D/g, '')));
  await look(portal, 'many-contacts-found');
}

export async function ten_thousand_groups_are_sound(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  portal.mock.company[GROUPS].push(...groups());
  await portal.open(`${HOME}/groups`);
  await page.getByRole('treeitem', { name: /^All lists/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('treeitem', { name: `List ${number(MANY / 2 + 1)}` }).waitFor();
  await look(portal, 'many-groups');
  await page.getByRole('searchbox').fill('list 0');
  await page.getByRole('treeitem', { name: 'List 00002', exact: true }).waitFor();
  await look(portal, 'many-groups-found');
  await page.getByRole('searchbox').fill('list 09000');
  await page.getByRole('treeitem', { name: 'All lists › List 09000' }).waitFor();
}

export async function a_group_with_ten_thousand_members_is_sound(stage) {
  const portal = await openPortal(stage, { path: null, contacts: MANY });
  const group = portal.mock.company[GROUPS].find(({ name }) => name === 'Support');
  portal.mock.company[`${GROUPS}/${group.id}/members`] =
    portal.mock.company[`/tenants/${TENANT}/contacts`];
  group.member_count = MANY;
  await portal.open(`${HOME}/groups/${group.id}`);
  await toTheEnd(portal, MANY);
  await look(portal, 'many-members');
}
