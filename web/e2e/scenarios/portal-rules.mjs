/** The portal's presence rules and named states of a tenant. */
import assert from 'node:assert/strict';
import { idOf, kept } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const TENANT = '/tenants/01M000000000000000000TENA1';
const HOME = TENANT.slice(1).replace('tenants', 't');
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenausgabestellenpause';

const stateOf = (number, name, fields = {}) => ({
  ...kept(idOf('E', number)),
  name,
  availability: 'be_right_back',
  activity: null,
  labels: {},
  ...fields,
});

async function openRules(stage, options = {}) {
  const portal = await openPortal(stage, { path: `${HOME}/presence`, ...options });
  await stage.page.getByRole('tablist').waitFor();
  return portal;
}

async function openStates(stage, states) {
  const portal = await openPortal(stage, { path: null });
  portal.mock.company[`${TENANT}/custom_states`] = states;
  await portal.go(`${HOME}/presence`);
  await stage.page.getByRole('tab', { name: 'Named states' }).click();
  return portal;
}

export async function the_rules_are_set_with_the_keyboard_and_reset(stage) {
  const { page } = stage;
  const portal = await openRules(stage);
  await page.getByText('These are the rules as they are by default.').waitFor();
  await portal.inspect('presence-rules');
  const up = page.getByRole('button', { name: 'Move “Call” up' });
  await up.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'What a call does' }).selectOption('do_not_disturb');
  const low = page.getByRole('combobox', { name: 'Numbers of Lync below 3000' });
  await low.selectOption('Available');
  const hours = page.getByLabel('Hours for which an own word counts at most');
  await hours.fill('721');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Between 1 and 720.').waitFor();
  await portal.inspect('presence-rules-refused');
  await hours.fill('12');
  await page.getByRole('group', { name: 'Kinds of sources' }).getByLabel('Bluetooth').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told('The presence rules were saved.');
  const put = portal.mock.requests.findLast(({ method }) => method === 'PUT');
  assert.deepEqual(put.body, {
    ignored_kinds: ['bluetooth'],
    precedence: ['call', 'platform', 'calendar'],
    is_tentative_busy: false,
    calls: 'do_not_disturb',
    manual_yields_to: ['calendar', 'call'],
    manual_resets: [],
    manual_hours: 12,
    grace_seconds: 60,
    silence_minutes: 120,
    low_lync_numbers: 'available',
  });
  await page.getByText('These are rules of your own. Last changed').waitFor();
  await page.getByRole('button', { name: 'Reset to defaults' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText('What goes before somebody who is free: Platform › Calendar').waitFor();
  await dialog.getByText('Hours for which an own word counts at most: None').waitFor();
  await dialog.getByText('Numbers of Lync below 3000: Unknown').waitFor();
  await portal.inspect('presence-rules-reset', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Reset to defaults' }).click();
  await page.getByText('These are the rules as they are by default.').waitFor();
  assert.equal(await hours.inputValue(), '');
}

export async function what_others_changed_is_shown_before_it_is_lost(stage) {
  const { page } = stage;
  const portal = await openRules(stage);
  await page.getByLabel('Grace of a lost device, in seconds').fill('30');
  portal.mock.presence.changeRules(TENANT, {
    precedence: ['calendar', 'platform', 'call'],
    grace_seconds: 90,
  });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('now: Calendar › Platform › Call').waitFor();
  await page.getByText('yours: 30').waitFor();
  await portal.inspect('presence-rules-conflict', { isOverlay: true });
  await page.getByRole('button', { name: 'Keep my changes' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told('The presence rules were saved.');
  const put = portal.mock.requests.findLast(({ method }) => method === 'PUT');
  assert.deepEqual([put.body.precedence[0], put.body.grace_seconds], ['calendar', 30]);
}

export async function a_reset_of_what_somebody_else_changed_is_refused(stage) {
  const { page } = stage;
  const portal = await openRules(stage);
  await page.getByRole('switch', { name: 'Tentative appointments count' }).click();
  portal.mock.presence.changeRules(TENANT, { grace_seconds: 90 });
  await page.getByRole('button', { name: 'Reset to defaults' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('button', { name: 'Reset to defaults' }).click();
  await dialog.getByText('Somebody else has changed it.').waitFor();
}

export async function the_rules_lead_to_the_audit(stage) {
  const { page } = stage;
  await openRules(stage);
  await page.getByRole('link', { name: 'Who changed them: the audit' }).click();
  await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
}

export async function states_are_named_changed_and_deleted(stage) {
  const { page } = stage;
  const portal = await openStates(stage, []);
  await page.getByRole('heading', { name: 'No named states yet' }).waitFor();
  await portal.inspect('named-states-empty');
  await page.getByRole('button', { name: 'Add named state' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('[data-field=name] input').fill('Coffee break');
  await dialog.getByRole('combobox', { name: 'State' }).selectOption('be_right_back');
  for (const [number, language, label] of [
    [1, 'de', 'Kaffeepause'],
    [2, 'DE', 'Pause café'],
  ]) {
    await dialog.getByRole('button', { name: 'Add language' }).click();
    await dialog.getByLabel(`Language ${number}`, { exact: true }).fill(language);
    await dialog.getByLabel(`Name in language ${number}`).fill(label);
  }
  await dialog.getByRole('button', { name: 'Add named state' }).click();
  await dialog.getByText('A language such as de or pt-BR.', { exact: true }).waitFor();
  await portal.inspect('named-state-refused', { isOverlay: true });
  await dialog.getByLabel('Language 2', { exact: true }).fill('fr');
  await dialog.getByRole('button', { name: 'Add named state' }).click();
  await portal.told('Coffee break was saved.');
  await page.getByRole('grid', { name: 'Named states' }).waitFor();
  await portal.inspect('named-states', { isOverlay: true });
  await page.getByRole('button', { name: 'Actions for Coffee break' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await dialog.getByRole('button', { name: 'Remove language 2' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await portal.told('Coffee break was saved.');
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  assert.deepEqual(patch.body, { labels: { de: 'Kaffeepause', fr: null } });
  await page.getByRole('button', { name: 'Actions for Coffee break' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('Whoever is in it now stays in it until they choose again.').waitFor();
  await portal.inspect('named-state-remove', { isOverlay: true });
  await page.getByRole('button', { name: 'Delete named state' }).click();
  await portal.told('Coffee break was deleted.');
  await page.getByRole('heading', { name: 'No named states yet' }).waitFor();
}

export async function a_name_that_is_taken_is_said_at_its_field(stage) {
  const { page } = stage;
  await openStates(stage, [stateOf(1, 'Coffee break')]);
  await page.getByRole('button', { name: 'Add named state' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('[data-field=name] input').fill('COFFEE BREAK');
  await dialog.getByRole('button', { name: 'Add named state' }).click();
  await dialog.locator('[data-field=name]').getByText('is already taken').waitFor();
}

export async function what_others_changed_of_a_state_is_shown(stage) {
  const { page } = stage;
  const portal = await openStates(stage, [stateOf(1, 'Coffee break')]);
  await page.getByRole('button', { name: 'Actions for Coffee break' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change a named state' });
  await dialog.locator('[data-field=name] input').fill('Tea break');
  portal.mock.change(`${TENANT}/custom_states/${idOf('E', 1)}`, { labels: { de: 'Teepause' } });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('before: –, now: de: Teepause').waitFor();
  await page.getByRole('button', { name: 'Keep my changes' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await portal.told('Tea break was saved.');
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  assert.deepEqual(patch.body, { name: 'Tea break' });
}

export async function a_hundred_named_states_are_the_most(stage) {
  const { page } = stage;
  const states = Array.from({ length: 99 }, (_, at) => stateOf(at + 1, `State ${at + 1}`));
  const long = stateOf(100, LONG, { labels: { 'pt-BR': LONG, de: LONG }, activity: 'presenting' });
  const portal = await openStates(stage, [long, ...states]);
  await page.getByText('There are 100 named states, which is the most.').waitFor();
  const add = page.getByRole('button', { name: 'Add named state' });
  assert.equal(await add.getAttribute('aria-disabled'), 'true');
  await portal.inspect('named-states-full');
}

export async function rules_and_states_speak_german(stage) {
  const { page } = stage;
  const portal = await openRules(stage, { language: 'de' });
  await page.getByText('Das sind die Regeln, wie sie voreingestellt sind.').waitFor();
  await portal.inspect('presence-rules-de');
  await page.getByRole('tab', { name: 'Benannte Status' }).click();
  await page.getByRole('heading', { name: 'Noch keine benannten Status' }).waitFor();
  await portal.inspect('named-states-empty-de');
}
