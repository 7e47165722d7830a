/** The portal's contacts: many of them, making, changing and removing one, and its pictures. */
import assert from 'node:assert/strict';
import { openPortal } from '../portal-stage.mjs';

const CONTACTS = 't/01M000000000000000000TENA1/contacts';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
);

async function openContacts(stage, options = {}) {
  const portal = await openPortal(stage, { path: CONTACTS, ...options });
  await stage.page.getByRole('grid', { name: 'Contacts' }).waitFor();
  return portal;
}

async function openNew(stage) {
  const portal = await openPortal(stage, { path: `${CONTACTS}/new` });
  await stage.page.getByLabel('SIP/Skype').waitFor();
  return portal;
}

const posts = (portal) =>
  portal.mock.requests.filter(
    ({ path, method }) => method === 'POST' && path.endsWith('/contacts'),
  );

export async function every_field_of_the_wizard_has_help(stage) {
  const { page } = stage;
  const portal = await openNew(stage);
  await page.getByRole('switch', { name: 'Is UCMA endpoint' }).click();
  const lacking = await page.locator('[data-field]').evaluateAll((fields) =>
    fields
      .filter((field) => {
        const control = field.querySelector('input, select, textarea');
        const help = (control?.getAttribute('aria-describedby') ?? '')
          .split(' ')
          .map((id) => document.getElementById(id)?.textContent ?? '')
          .join('');
        return help.length < 10;
      })
      .map((field) => field.dataset.field),
  );
  assert.deepEqual(lacking, []);
  assert.ok((await page.locator('[data-field]').count()) > 20);
  await portal.inspect('contact-new');
}

export async function lists_contacts_with_their_presence(stage) {
  const portal = await openContacts(stage);
  await stage.page
    .getByRole('row', { name: /Available/ })
    .first()
    .waitFor();
  await portal.inspect('contacts');
}

export async function ten_thousand_contacts_are_scrolled_and_searched(stage) {
  const { page } = stage;
  const portal = await openContacts(stage, { contacts: 10_000 });
  await page.getByRole('row').nth(3).focus();
  await portal.reach(900);
  assert.ok((await page.getByRole('row').count()) < 60, 'only rows in sight are in the page');
  await portal.search('muller bjorn 12');
  assert.match(page.url(), /q=muller/);
  await page
    .getByRole('row', { name: /Björn Müller 12/ })
    .first()
    .waitFor();
  assert.deepEqual(portal.mock.faults, []);
}

export async function says_that_nothing_was_found(stage) {
  const { page } = stage;
  const portal = await openContacts(stage);
  await portal.search('nobody at all');
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
  await portal.inspect('contacts-nothing');
}

export async function an_empty_list_says_how_to_begin(stage) {
  const portal = await openPortal(stage, { path: null });
  portal.mock.company['/tenants/01M000000000000000000TENA1/contacts'] = [];
  await portal.go(CONTACTS);
  await stage.page.getByRole('heading', { name: 'No contacts yet' }).waitFor();
  await portal.inspect('contacts-empty');
}

export async function a_list_that_fails_names_the_request_and_tries_again(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  for (let times = 0; times < 3; times += 1) portal.mock.refuse(/GET .*contacts$/, 503, 'Busy.');
  await portal.go(CONTACTS);
  await page.getByRole('alert').getByText('Request 01M8146EA5T3MYA265ABSM88CQ').waitFor();
  await portal.inspect('contacts-failed');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('grid', { name: 'Contacts' }).waitFor();
}

export async function rows_are_worked_with_the_keyboard(stage) {
  const { page } = stage;
  await openContacts(stage);
  await page.getByRole('checkbox', { name: 'Select all that are loaded' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Edit' }).waitFor();
  await stage.expectAccessible({ isOverlay: true });
  await stage.shot('portal-contacts-menu', false);
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'Details' }).waitFor();
}

export async function the_wizard_makes_a_contact_with_pictures(stage) {
  const { page } = stage;
  const portal = await openNew(stage);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Enter a value.').waitFor();
  await page.getByLabel('SIP/Skype').fill('not an address');
  await page.getByLabel('Email').fill('zoe@brightmoor.example');
  const refused = page.getByText('A SIP address such as sip:anna@example.com.');
  await refused.waitFor();
  await portal.inspect('contact-new-refused');
  // It goes as soon as it is right, with the focus still there and nothing sent.
  await page.getByLabel('SIP/Skype').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('sip:zoe@brightmoor.exampl');
  await refused.waitFor({ state: 'detached' });
  await page.keyboard.type('e');
  assert.equal(posts(portal).length, 0);
  await page.getByLabel('Display name', { exact: true }).fill('Zoë Test');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('There is no picture yet.').waitFor();
  for (const name of ['one.png', 'two.png']) {
    await page
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'image/png', buffer: PNG });
    await page
      .getByRole('img', { name: 'Avatar' })
      .nth(name === 'one.png' ? 0 : 1)
      .waitFor();
  }
  await page.getByRole('checkbox', { name: 'Busy' }).first().check();
  await page.getByRole('checkbox', { name: 'Busy', checked: true }).waitFor();
  await page.getByRole('checkbox', { name: 'Busy' }).nth(1).click();
  await portal.told('Moved from another picture: Busy');
  await portal.inspect('contact-avatars', { isOverlay: true });
  await page.locator('input[type=file]').setInputFiles({
    name: 'large.png',
    mimeType: 'image/png',
    buffer: Buffer.alloc(307_201),
  });
  await page.getByText('The picture is larger than 300 kB.').waitFor();
  await page.getByRole('button', { name: 'Finish' }).click();
  await portal.told('Zoë Test was added.');
}

export async function an_address_that_is_taken_is_said_at_its_field(stage) {
  const { page } = stage;
  const portal = await openNew(stage);
  await page.getByLabel('SIP/Skype').fill('SIP:anna.mller0@brightmoor.example');
  await page.getByRole('button', { name: 'Next' }).click();
  const field = page.locator('[data-field=sip]');
  await field.getByText('Contact with the same SIP: Anna Müller already exists.').waitFor();
  assert.equal(
    await page.evaluate(() =>
      document.activeElement?.closest('[data-field]')?.getAttribute('data-field'),
    ),
    'sip',
  );
  const [other] = await Promise.all([
    page.context().waitForEvent('page'),
    field.getByRole('link', { name: 'Open Anna Müller' }).click(),
  ]);
  await other.getByRole('tab', { name: 'Details' }).waitFor();
  await other.close();
  await portal.inspect('contact-taken');
}

export async function what_others_changed_is_shown_before_it_is_lost(stage) {
  const { page } = stage;
  const portal = await openContacts(stage);
  await page.getByRole('link', { name: 'Anna Müller' }).first().click();
  await page.getByLabel('Job title').fill('Head of support');
  const id = page.url().split('/').at(-1);
  portal.mock.change(`/tenants/01M000000000000000000TENA1/contacts/${id}`, {
    office: 'B 204',
    job_title: 'Director',
  });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('before: –, now: B 204').waitFor();
  await page.getByText('yours: Head of support').waitFor();
  await portal.inspect('contact-conflict');
  await page.getByRole('button', { name: 'Keep my changes' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told('Anna Müller was saved.');
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  assert.deepEqual(patch.body, { job_title: 'Head of support' });
}

export async function an_ended_session_loses_nothing(stage) {
  const { page } = stage;
  const portal = await openNew(stage);
  await page.getByLabel('Display name', { exact: true }).fill('Kept Name');
  portal.mock.endSessions();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
  await portal.inspect('session-ended');
  await portal.signIn('admin');
  await page.getByText('There is no picture yet.').waitFor();
  assert.equal(
    portal.mock.company['/tenants/01M000000000000000000TENA1/contacts'].at(-1).display_name,
    'Kept Name',
  );
}

export async function leaving_with_changes_is_asked_about(stage) {
  const { page } = stage;
  const portal = await openNew(stage);
  await page.getByLabel('Display name', { exact: true }).fill('Half done');
  await page.getByRole('link', { name: 'Home' }).click();
  await page.getByRole('heading', { name: 'Leave without saving?' }).waitFor();
  await portal.inspect('unsaved');
  await page.getByRole('button', { name: 'Stay' }).click();
  assert.equal(await page.getByLabel('Display name', { exact: true }).inputValue(), 'Half done');
  await page.getByRole('link', { name: 'Home' }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Brightmoor Instruments' }).waitFor();
}

export async function removing_says_what_a_contact_leaves(stage) {
  const { page } = stage;
  const portal = await openContacts(stage);
  const { company, places } = portal.mock;
  const tenant = '/tenants/01M000000000000000000TENA1';
  const [anna] = company[`${tenant}/contacts`];
  const [berlin] = company[`${tenant}/sites`];
  anna.home_site = berlin.id;
  const wien = places.answer('POST', `${tenant}/sites`, { body: { name: 'Wien' } }).body;
  company[`${tenant}/groups`].find(({ name }) => name === 'Support').parent = wien.root_group;
  await page.getByRole('button', { name: 'Actions for Anna Müller', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('It leaves its home site “Berlin”.').waitFor();
  await page.getByText('It leaves the site “Wien”.').waitFor();
  await page.getByText('It leaves the group “Support”.').waitFor();
  await page.getByText('It disappears from the publication “Website”.').waitFor();
  await portal.inspect('contact-remove');
  await page.getByRole('button', { name: 'Delete contact' }).click();
  await portal.told('Anna Müller was deleted.');
  await page.getByRole('link', { name: 'Anna Müller', exact: true }).waitFor({ state: 'detached' });
}

export async function one_contact_is_shown_with_all_of_it(stage) {
  const { page } = stage;
  const portal = await openContacts(stage);
  await portal.search('hohenstein');
  await page.getByRole('link', { name: /Hohenstein/ }).click();
  await page.getByLabel('SIP/Skype').waitFor();
  await portal.inspect('contact');
  await page.getByRole('tab', { name: 'Avatars' }).click();
  await page.getByText('There is no picture yet.').waitFor();
}

export async function a_picture_is_cropped_by_mouse_or_keyboard(stage) {
  const { page } = stage;
  const portal = await openContacts(stage);
  await page.getByRole('link', { name: 'Anna Müller' }).first().click();
  await page.getByRole('tab', { name: 'Avatars' }).click();
  await page.getByText('or drop it here').waitFor();
  // Four colours beside each other, twice as wide as high.
  const wide = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(800, 400);
    const context = canvas.getContext('2d');
    for (const [at, colour] of ['#a00', '#0a0', '#00a', '#aa0'].entries()) {
      context.fillStyle = colour;
      context.fillRect(at * 200, 0, 200, 400);
    }
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
  });
  const drop = await page.evaluateHandle((base64) => {
    const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'wide.png', { type: 'image/png' }));
    return data;
  }, wide);
  await page.getByText('or drop it here').dispatchEvent('drop', { dataTransfer: drop });
  await page.getByRole('heading', { name: 'Choose the part that is shown' }).waitFor();
  await portal.inspect('avatar-crop', { isOverlay: true });
  const crop = page.getByRole('application');
  await crop.focus();
  for (let times = 0; times < 12; times += 1) await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: 'Use picture' }).click();
  const picture = page.getByRole('img', { name: 'Avatar' });
  await picture.waitFor();
  const size = await picture.evaluate(async (it) => {
    await it.decode();
    const canvas = new OffscreenCanvas(1, 1);
    canvas.getContext('2d').drawImage(it, 0, 0, 1, 1, 0, 0, 1, 1);
    const [red, green, blue] = canvas.getContext('2d').getImageData(0, 0, 1, 1).data;
    return [it.naturalWidth, it.naturalHeight, red, green, blue];
  });
  // The right half begins with the third colour.
  assert.deepEqual(size, [320, 320, 0, 0, 170]);
}
