/** Groups that are dragged through the tree. */
import assert from 'node:assert/strict';
import { HOME, openGroups, TENANT } from '../group-tree.mjs';
import { idOf } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const row = (page, name) => page.getByRole('treeitem', { name, exact: typeof name === 'string' });

/** Where the name of a row stands. */
async function middleOf(locator) {
  const { x, y, width, height } = await locator.boundingBox();
  return [x + width / 2, y + height / 2];
}

/** Picks a row up and holds it over a place, without letting it go. */
async function hold(page, from, to) {
  await page.mouse.move(...(await middleOf(from)));
  await page.mouse.down();
  await page.mouse.move(...(await middleOf(from)).map((at) => at + 6));
  await page.mouse.move(...(await middleOf(to)), { steps: 4 });
}

const zone = (page) => page.getByText('At the top of the tree', { exact: true });
const moves = ({ mock }) => mock.requests.filter(({ method }) => method === 'PATCH');
const groupsOf = ({ mock }) => mock.company[`${TENANT}/groups`];
const named = (portal, name) => groupsOf(portal).find((one) => one.name === name);

export async function a_group_is_dragged_below_another_and_comes_back(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  await page.getByText('Drag a group onto another').waitFor();
  await row(page, /^Support/).dragTo(row(page, /^Berlin/));
  await portal.told('Support was moved.');
  await page.locator('[role=treeitem][aria-level="2"]', { hasText: 'Support' }).waitFor();
  const sent = moves(portal).at(-1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await portal.told('Support is back where it was.');
  assert.deepEqual(sent.body, { parent: named(portal, 'Berlin').id });
  await page.locator('[role=treeitem][aria-level="1"]', { hasText: 'Support' }).waitFor();
  assert.equal(named(portal, 'Support').parent, null);
}

export async function a_closed_branch_opens_under_what_is_held_and_escape_lets_go(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  await hold(page, row(page, /^Support/), row(page, /^Berlin/));
  await row(page, 'Floor 2').waitFor();
  await page.mouse.move(...(await middleOf(row(page, 'Floor 2'))), { steps: 3 });
  await stage.expectAccessible({ isOverlay: true });
  for (const scheme of ['light', 'dark', 'forced']) {
    await portal.look('groups-drag', { size: 'desktop', scheme, isOverlay: true });
  }
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await page.waitForFunction(
    () =>
      ![...document.querySelectorAll('*')].some(
        (it) => getComputedStyle(it).outlineStyle === 'dashed',
      ),
  );
  await portal.settle();
  assert.deepEqual(moves(portal), []);
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Groups');
}

export async function a_group_is_dragged_to_the_top(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  await row(page, /^Berlin/).click();
  await page.getByRole('heading', { level: 1, name: 'Berlin' }).waitFor();
  await row(page, /^Berlin/).focus();
  await page.keyboard.press('ArrowRight');
  await row(page, 'Floor 1').waitFor();
  assert.equal(await zone(page).count(), 0, 'nothing lies over the search until then');
  await hold(page, row(page, 'Floor 1'), page.getByRole('searchbox', { name: 'Search groups' }));
  await zone(page).waitFor();
  await page.mouse.move(...(await middleOf(zone(page))), { steps: 2 });
  await stage.shot('portal-group-drag-top', false);
  await page.mouse.up();
  await portal.told('Floor 1 was moved.');
  assert.equal(named(portal, 'Floor 1').parent, null);
  await zone(page).waitFor({ state: 'detached' });
  await page.locator('[role=treeitem][aria-level="1"]', { hasText: 'Floor 1' }).waitFor();
}

export async function what_cannot_be_moved_is_not_and_goes_nowhere_that_it_cannot_be(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  for (const [name, draggable] of [
    [/^Berlin/, null],
    [/^Distribution lists/, null],
    [/^Support/, 'true'],
  ]) {
    assert.equal(await row(page, name).getAttribute('draggable'), draggable, String(name));
  }
  await row(page, /^Berlin/).focus();
  await page.keyboard.press('ArrowRight');
  await row(page, 'Floor 1').focus();
  await page.keyboard.press('ArrowRight');
  const below = row(page, /Hohenstein/);
  await below.waitFor();
  // Below itself, where it is, and into a directory.
  await row(page, 'Floor 1').dragTo(below);
  await row(page, 'Floor 1').dragTo(row(page, /^Berlin/));
  await row(page, /^Support/).dragTo(row(page, /^Distribution lists/));
  await portal.settle();
  assert.deepEqual(moves(portal), []);
}

export async function why_a_group_cannot_go_there_is_said(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  const [support] = [named(portal, 'Support')];
  groupsOf(portal).push({ ...support, id: idOf('G', 50), parent: named(portal, 'Berlin').id });
  await row(page, /^Support/).dragTo(row(page, /^Berlin/));
  await portal.told('The name `Support` is already taken.');
  // As deep as a tree may be.
  let parent = named(portal, 'Floor 2').id;
  for (let level = 3; level <= 32; level += 1) {
    const id = idOf('G', 60 + level);
    groupsOf(portal).push({ ...support, id, name: `Level ${level}`, parent });
    parent = id;
  }
  await portal.go(`${HOME}/groups/${parent}`);
  await row(page, /^Level 32/).waitFor();
  await page.getByRole('searchbox', { name: 'Search groups' }).fill('3');
  const deepest = row(page, /Level 32/);
  await row(page, /Floor 3/).dragTo(deepest);
  await portal.told('The tree may have at most 32 levels.');
  assert.equal(named(portal, 'Floor 3').parent, named(portal, 'Berlin').id);
}

export async function from_right_to_left_and_in_german_it_is_the_same(stage) {
  const { page } = stage;
  const portal = await openGroups(stage);
  await portal.speak('de', { direction: 'rtl' });
  await portal.open(`${HOME}/groups`);
  await page.getByText('Ziehen Sie eine Gruppe auf eine andere').waitFor();
  await row(page, /^Support/).dragTo(row(page, /^Berlin/));
  await portal.told('Support wurde verschoben.');
  await hold(page, row(page, /^Support/), page.getByRole('searchbox', { name: 'Gruppen suchen' }));
  await page.getByText('Ganz oben im Baum', { exact: true }).waitFor();
  await page.mouse.move(...(await middleOf(page.getByText('Ganz oben im Baum', { exact: true }))), {
    steps: 2,
  });
  for (const scheme of ['light', 'dark']) {
    await portal.look('groups-drag-rtl', { size: 'desktop', scheme, isOverlay: true });
  }
  await page.mouse.up();
  await portal.told('Support wurde verschoben.');
  assert.equal(named(portal, 'Support').parent, null);
}

export async function among_ten_thousand_groups_one_is_dragged_to_what_was_found(stage) {
  const { page } = stage;
  const portal = await openPortal(stage);
  const support = named(portal, 'Support');
  for (let at = groupsOf(portal).length; at < 10_000; at += 1) {
    const id = `01MT${String(at).padStart(22, '0')}`;
    const fields = { id, name: `Team ${at}`, parent: support.id, member_count: 0 };
    groupsOf(portal).push({ ...support, ...fields });
  }
  await portal.go(`${HOME}/groups`);
  await row(page, /^Support/).waitFor();
  await page.getByRole('searchbox', { name: 'Search groups' }).fill('team 987');
  await row(page, 'Support › Team 9876').dragTo(row(page, 'Support › Team 9870'));
  await portal.told('Team 9876 was moved.');
  await row(page, 'Support › Team 9870 › Team 9876').waitFor();
}
