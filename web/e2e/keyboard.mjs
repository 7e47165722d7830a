/** What is done in the portal with the keyboard alone. */
import assert from 'node:assert/strict';

/** How many stops there may be on the way to something: nobody presses more often. */
const MOST_STOPS = 60;

/** Presses Tab, or what goes back, until what `locator` finds has the focus. */
async function tabTo(page, locator, key = 'Tab') {
  await locator.first().waitFor();
  for (let stops = 0; stops <= MOST_STOPS; stops += 1) {
    if (await locator.evaluateAll((all) => all.includes(document.activeElement))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`the keyboard does not come to ${locator}`);
}

async function write(page, label, text) {
  await tabTo(page, page.getByLabel(label, { exact: true }));
  await page.keyboard.type(text);
}

/** Opens the palette, writes `words`, and takes the first entry once it is `name`. */
async function goTo(page, words, name) {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or go to' }).waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
  await page.keyboard.type(words);
  await page.getByRole('option', { name, selected: true }).waitFor();
  await page.keyboard.press('Enter');
}

/**
 * Signs in, makes a contact, finds it by the palette, changes it, deletes it and takes that back; begins
 * at the page for signing in. No key is told to an element: each goes to what has the focus.
 */
export async function workByKeyboard({ page, arrived, settle, told }, { tenant, user, password }) {
  await page.getByLabel('Tenant').waitFor();
  await page.evaluate(() => {
    window.pressed = [];
    const note = ({ type, isTrusted }) => isTrusted && window.pressed.push(type);
    for (const type of ['pointerdown', 'mousedown', 'touchstart'])
      addEventListener(type, note, true);
  });
  await write(page, 'Tenant', tenant);
  await page.keyboard.press('Tab');
  await page.keyboard.type(user);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await arrived();

  await goTo(page, 'add a contact', 'Add a contact');
  await write(page, 'SIP/Skype', 'sip:kay.board@keys.example');
  await write(page, 'Display name', 'Kay Board');
  await page.keyboard.press('Enter');
  await page.getByText('There is no picture yet.').waitFor();
  await tabTo(page, page.getByRole('button', { name: 'Finish' }));
  await page.keyboard.press('Enter');
  await told('Kay Board was added.');

  await goTo(page, 'kay board', /Kay Board/);
  await page.getByRole('heading', { level: 1, name: 'Kay Board' }).waitFor();
  await write(page, 'Job title', 'Typist');
  await page.keyboard.press('Enter');
  await told('Kay Board was saved.');

  await tabTo(page, page.getByRole('button', { name: 'Delete', exact: true }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Delete contact' }));
  await page.keyboard.press('Enter');
  await told('Kay Board was deleted.');
  // A list that comes meanwhile takes the focus from whoever is on the way.
  await page.locator('[data-row]').first().waitFor();
  await settle();
  await tabTo(page, page.getByRole('button', { name: 'Undo' }));
  await page.keyboard.press('Enter');
  await told('Kay Board is back.');

  await goTo(page, 'kay board', /Kay Board/);
  await page.getByRole('heading', { level: 1, name: 'Kay Board' }).waitFor();
  assert.equal(await page.getByLabel('Job title').inputValue(), 'Typist');
  assert.deepEqual(await page.evaluate(() => window.pressed), [], 'nothing was pressed but keys');
}
