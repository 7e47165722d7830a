/** The portal's groups: one tree, worked with keys, moved by a dialog, with members. */
import assert from 'node:assert/strict';
import { HOME, openGroups, TENANT } from '../group-tree.mjs';
import { furnish } from '../mock-admin.mjs';
import { openPortal } from '../portal-stage.mjs';

export async function the_tree_opens_as_far_as_somebody_looks(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  assert.equal(await page.getByRole('treeitem').count(), 3, 'only the top is there');
  await page.getByRole('treeitem', { name: /^Berlin/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('treeitem', { name: 'Floor 1' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('treeitem', { name: /Hohenstein/ }).waitFor();
  await page.getByRole('treeitem', { name: /Distribution lists/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('treeitem', { name: 'List 100' }).waitFor();
  assert.equal(await page.getByRole('treeitem', { name: 'List 101' }).count(), 0);
  await portal.inspect('groups');
  await page.getByRole('treeitem', { name: 'Show more (150 left)' }).click();
  await page.getByRole('treeitem', { name: 'List 200' }).waitFor();
}

export async function groups_are_found_by_name(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  await page.getByRole('searchbox').fill('list 24');
  await page.getByRole('treeitem', { name: 'Distribution lists › List 024' }).waitFor();
  await page.getByRole('searchbox').fill('nothing like this');
  await page.getByText('Nothing found.').waitFor();
  await portal.inspect('groups-nothing');
}

export async function a_group_is_made_below_another_and_its_name_is_fixed(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  await page.getByRole('treeitem', { name: /^Support/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Support' }).waitFor();
  await page.getByText('The name was fixed when the group was made.').waitFor();
  await portal.inspect('group');
  await page.getByRole('button', { name: 'Add group below' }).click();
  await page.getByText('the name cannot be changed later').waitFor();
  await portal.inspect('group-new');
  await page.getByRole('textbox', { name: 'Name' }).fill('Second line');
  await page.getByRole('button', { name: 'Add group', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Second line' }).waitFor();
  await page.getByRole('heading', { name: 'Nobody is in this group' }).waitFor();
  const group = portal.mock.company[`${TENANT}/groups`].find(({ name }) => name === 'Second line');
  const parent = portal.mock.company[`${TENANT}/groups`].find(({ name }) => name === 'Support');
  assert.equal(group.parent, parent.id);
}

export async function a_group_is_synchronized(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  furnish(portal.mock.company, TENANT.split('/').at(-1), {});
  await page.getByRole('treeitem', { name: /^Support/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Support' }).waitFor();
  const group = portal.mock.company[`${TENANT}/groups`].find(({ name }) => name === 'Support');
  const members = portal.mock.company[`${TENANT}/contacts`].slice(0, 3);
  portal.mock.company[`${TENANT}/groups/${group.id}/members`] = members;
  for (const { id } of members.slice(1)) {
    portal.mock.admin.synchronization.knows(id, { office: '4.04' });
  }
  const [last] = portal.mock.company[`${TENANT}/sources`].slice(-1);
  last.is_disabled = true;
  await page.getByRole('button', { name: 'Synchronize', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Who was made by hand is left alone.').waitFor();
  await portal.inspect('group-synchronize');
  await dialog.getByRole('button', { name: 'Start' }).click();
  await dialog.getByText('1 was made by hand and stays as it is.').waitFor();
  await dialog.getByText('Left out: the source is switched off.').waitFor();
  await dialog.getByText('Everything was applied.').first().waitFor();
  await portal.inspect('group-synchronized');
}

export async function a_group_is_moved_by_a_dialog(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  await page.getByRole('treeitem', { name: /^Support/ }).click();
  await page.getByRole('button', { name: 'Move' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('treeitem', { name: /^Berlin/ }).waitFor();
  assert.equal(await dialog.getByRole('treeitem', { name: /^Support/ }).count(), 0);
  assert.equal(await dialog.getByRole('treeitem', { name: /Distribution/ }).count(), 0);
  await dialog.getByRole('treeitem', { name: /^Berlin/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await dialog.getByText('Place: Berlin › Floor 1').waitFor();
  await portal.inspect('group-move');
  await dialog.getByRole('button', { name: 'Move' }).click();
  await portal.told('Support was moved.');
  const breadcrumb = page.getByRole('navigation', { name: 'Where you are' });
  await breadcrumb.getByRole('link', { name: 'Floor 1' }).waitFor();
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  assert.deepEqual(Object.keys(patch.body), ['parent']);
}

export async function members_come_by_a_search_and_go(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  await page.getByRole('treeitem', { name: /^Support/ }).click();
  await page.getByRole('grid', { name: 'Members' }).waitFor();
  const add = page.getByRole('combobox', { name: 'Add a contact' });
  await add.fill('hakon weiss');
  await page.getByRole('option', { name: /Håkon/ }).first().waitFor();
  await stage.expectAccessible({ isOverlay: true });
  await stage.shot('portal-group-pick', false);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await portal.told('is a member now.');
  await page.getByText('2 entries').waitFor();
  await portal.inspect('group-members', { isOverlay: true });
  await page.getByRole('button', { name: 'Actions for Anna Müller' }).click();
  await page.getByRole('menuitem', { name: 'Take out of the group' }).click();
  await portal.told('Anna Müller is no member any more.');
  await page.getByText('1 entry').waitFor();
}

export async function what_the_directory_or_a_site_owns_cannot_be_changed(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  await page.getByRole('treeitem', { name: /Distribution lists/ }).click();
  await page.getByText('From the directory Distribution lists.').waitFor();
  await page.getByText('This group mirrors a group of the directory').waitFor();
  for (const name of ['Move', 'Delete', 'Add group below']) {
    assert.equal(await page.getByRole('button', { name }).count(), 0);
  }
  await portal.inspect('group-synced');
  await page.getByRole('treeitem', { name: /^Berlin/ }).click();
  await page.getByText('It has the name of its site').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Move' }).count(), 0);
  await portal.inspect('group-root');
}

export async function deleting_a_group_says_what_goes_with_it(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  const groups = portal.mock.company[`${TENANT}/groups`];
  const floor = groups.find(({ name }) => name === 'Floor 1');
  const publication = portal.mock.company[`${TENANT}/publications`][0];
  portal.mock.places.setEntries(publication.id, [{ group: floor.id }]);
  await portal.go(`${HOME}/groups/${floor.id}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('1 group below goes with it.').waitFor();
  await page.getByText('“Website” shows it, or a group below, no more.').waitFor();
  await portal.inspect('group-remove');
  await page.getByRole('button', { name: 'Delete group' }).click();
  await portal.told('Floor 1 was deleted.');
  await page.getByRole('heading', { level: 1, name: 'Groups' }).waitFor();
}

export async function groups_speak_german(stage) {
  const { page } = stage;
  const portal = await openGroups(stage, { language: 'de' });
  await portal.inspect('groups-de');
  await page.getByRole('treeitem', { name: /^Berlin/ }).click();
  await page.getByText('Sie heißt wie ihr Standort').waitFor();
  await portal.inspect('group-de');
}

export async function a_tree_that_fails_tries_again_and_an_empty_one_says_how_to_begin(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  portal.mock.company[`${TENANT}/groups`] = [];
  for (let times = 0; times < 3; times += 1) portal.mock.refuse(/GET .*groups$/, 503, 'Busy.');
  await portal.go(`${HOME}/groups`);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'No groups yet' }).waitFor();
  await portal.inspect('groups-empty');
}

export async function ten_thousand_groups_are_one_tree(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  const groups = portal.mock.company[`${TENANT}/groups`];
  const parent = groups.find(({ name }) => name === 'Distribution lists');
  const one = groups.find(({ name }) => name === 'List 001');
  for (let at = groups.length; at < 9_900; at += 1) {
    const id = `01MT${String(at).padStart(22, '0')}`;
    groups.push({ ...one, id, name: `Team ${at}`, parent: parent.id });
  }
  await portal.go(`${HOME}/groups`);
  await page.getByRole('treeitem', { name: /Distribution lists/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('treeitem', { name: /^Show more/ }).waitFor();
  assert.ok((await page.getByRole('treeitem').count()) < 120);
  await page.getByRole('searchbox').fill('team 9876');
  await page.getByRole('treeitem', { name: 'Distribution lists › Team 9876' }).click();
  await page.getByRole('heading', { level: 1, name: 'Team 9876' }).waitFor();
}
