/** The portal's presence of a contact: now, why, by hand, notes. */
import assert from 'node:assert/strict';
import { idOf } from '../mock-company.mjs';
import { changeOf, claimOf, partOf } from '../mock-presence.mjs';
import { openPortal } from '../portal-stage.mjs';

const TENANT = '/tenants/01M000000000000000000TENA1';
const HOME = TENANT.slice(1).replace('tenants', 't');
const PROGRAM = '01M000000000000000000PR0GR';
const TAB = { en: 'Presence', de: 'Präsenz' };

/** A contact whom a meeting covers, with a claim in each part. */
function meeting() {
  const minutes = (count) => new Date(Date.now() + count * 60_000).toISOString();
  const calendar = claimOf('calendar', 'busy', {
    source: 'exchange-of-the-head-office',
    activity: 'in_a_meeting',
    left: 35,
    is_out_of_office: true,
  });
  const own = claimOf('manual', 'available', { source: 'manual', left: null, minutes: 200 });
  const phone = claimOf('telephone', 'available', { device: '4711' });
  const mobile = claimOf('mobile', 'away', { source: `${PROGRAM}/app`, left: -12, minutes: 90 });
  const platform = claimOf('platform', 'do_not_disturb', { source: 'teams' });
  const computer = claimOf('computer', 'offline', {
    source: `${PROGRAM}/a-program-with-a-name-that-nobody-would-give-to-a-program-of-theirs`,
    device: 'workstation-of-the-department-for-hydrology.head-office.brightmoor.example',
    left: -300,
    minutes: 500,
  });
  return {
    rule: 'calendar',
    presence: { availability: 'busy', activity: 'in_a_meeting', decided_by: 'calendar' },
    claims: [
      partOf(calendar, 'decides'),
      partOf(own, 'covered'),
      partOf(phone, 'overruled'),
      partOf(mobile, 'silent'),
      partOf(platform, 'ignored'),
      partOf(computer, 'expired'),
    ],
    turns: [
      { at: minutes(35), availability: 'available', decided_by: 'manual' },
      { at: minutes(300), availability: 'unknown', decided_by: null },
    ],
    changes: [
      changeOf('end_of_occupation', 'available', { ends: calendar }),
      changeOf('source_speaks', 'away', { claim: mobile }),
    ],
  };
}

async function openPresence(stage, { language = 'en', contact = 0, before } = {}) {
  const portal = await openPortal(stage, { path: null, language });
  await before?.(portal.mock);
  await portal.go(`${HOME}/contacts/${idOf('C', contact)}`);
  await stage.page.getByRole('tab', { name: TAB[language], exact: true }).click();
  await stage.page
    .getByRole('heading', { name: language === 'de' ? 'Warum' : 'Why', exact: true })
    .waitFor();
  return portal;
}

const part = (page, name) => page.getByRole('region', { name, exact: true });

export async function says_why_with_every_claim_and_its_part(stage) {
  const { page } = stage;
  const portal = await openPresence(stage, {
    before: (mock) => mock.presence.say(idOf('C', 0), meeting()),
  });
  const why = part(page, 'Why');
  await why.getByText('There is an appointment now, and that goes before the rest').waitFor();
  await why
    .getByText('Without that it would be “Available”, which is said by: Own word.')
    .waitFor();
  for (const word of ['Decides', 'Covered', 'Overruled', 'Silent', 'Ignored', 'Expired']) {
    await why.getByText(word, { exact: true }).waitFor();
  }
  await why.getByText('Mobile (app)', { exact: true }).waitFor();
  await why.getByText(/^since .* ended 12 minutes ago$/).waitFor();
  await why.getByText(/in 34 minutes: “Available”. Then this decides: Own word.$/).waitFor();
  await why.getByText('If “Away” is said again by Mobile (app), it would be “Away”.').waitFor();
  await part(page, 'Out of office')
    .getByText(/^Said by: Calendar/)
    .waitFor();
  await portal.inspect('contact-presence');
}

export async function speaks_german(stage) {
  const { page } = stage;
  const portal = await openPresence(stage, {
    language: 'de',
    before: (mock) => mock.presence.say(idOf('C', 0), meeting()),
  });
  await part(page, 'Warum').getByText('Überdeckt', { exact: true }).waitFor();
  await part(page, 'Außer Haus')
    .getByText(/^Gemeldet von: Kalender/)
    .waitFor();
  await portal.inspect('contact-presence-de');
}

export async function follows_what_happens_and_rests_when_nobody_looks(stage) {
  const { page } = stage;
  await page.clock.install();
  const portal = await openPresence(stage);
  await part(page, 'Now').getByRole('status').getByText('Available').waitFor();
  portal.mock.presence.say(idOf('C', 0), meeting());
  await page.clock.runFor(3000);
  await part(page, 'Now').getByRole('status').getByText('In a meeting').waitFor();
  // The head of the page follows at once, not with its own next look: it, the state now, the claim.
  await page.getByRole('main').getByText('In a meeting', { exact: true }).nth(2).waitFor();

  const looks = () => portal.mock.requests.filter(({ path }) => path.endsWith('/why')).length;
  const looksIn = async (milliseconds) => {
    await portal.settle();
    const before = looks();
    await page.clock.runFor(milliseconds);
    await portal.settle();
    return looks() - before;
  };
  const beSeen = (state) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, state);
  await beSeen('hidden');
  assert.equal(await looksIn(10_000), 0, 'nobody sees the page');
  // Whoever comes back is shown at once what is so now, without waiting for the clock.
  const seenAgain = page.waitForRequest((request) => request.url().endsWith('/why'));
  await beSeen('visible');
  await page.clock.runFor(3000);
  await seenAgain;
  await page.getByRole('tab', { name: 'Details' }).click();
  assert.equal(await looksIn(10_000), 0, 'another tab of the page is looked at');
}

export async function a_list_is_told_what_changes(stage) {
  const { page } = stage;
  const portal = await openPortal(stage);
  const { id, display_name } = portal.mock.company[`${TENANT}/contacts`][0];
  const told = page.waitForRequest((request) => request.url().includes('/presence/stream?'));
  await portal.go(`${HOME}/contacts`);
  const row = page.getByRole('row').filter({ hasText: display_name });
  await row.getByText('Available', { exact: true }).waitFor();
  assert.ok(new URL((await told).url()).searchParams.get('contacts').includes(id));
  await portal.settle();
  const asked = () => portal.mock.requests.filter(({ path }) => path.endsWith('/presence')).length;
  const before = asked();

  portal.mock.presence.say(id, meeting());
  // Without being told it would be asked after twenty seconds.
  await row.getByText('In a meeting', { exact: true }).waitFor({ timeout: 5000 });
  assert.equal(asked(), before, 'nobody had to ask');
}

export async function sets_and_takes_back_the_own_word(stage) {
  const { page } = stage;
  const portal = await openPresence(stage);
  const [contact] = portal.mock.company[`${TENANT}/contacts`];
  await part(page, 'Own word').getByText('None is given').waitFor();
  await page.getByRole('button', { name: 'Set own word' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'State' }).selectOption('do_not_disturb');
  await dialog.getByRole('combobox', { name: 'Activity' }).selectOption('presenting');
  await dialog.getByLabel('Until').fill('2020-01-01T10:00');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('A moment in the future.').waitFor();
  await portal.inspect('contact-word', { isOverlay: true });
  await dialog.getByLabel('Until').fill('2099-01-01T10:00');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await portal.told('The own word was set.');
  const put = portal.mock.requests.findLast(({ method }) => method === 'PUT');
  assert.deepEqual(put.body, {
    availability: 'do_not_disturb',
    activity: 'presenting',
    custom: null,
    is_out_of_office: false,
    expires_at: new Date(2099, 0, 1, 10).toISOString(),
  });
  assert.match(put.path, new RegExp(`${contact.id}/presence/manual$`));
  await part(page, 'Now').getByRole('status').getByText('Presenting').waitFor();
  await part(page, 'Why').getByText('An own word is given.').waitFor();
  await portal.inspect('contact-word-set', { isOverlay: true });
  await page.getByRole('button', { name: 'Take own word back' }).click();
  await portal.told('The own word was taken back.');
  await part(page, 'Now').getByRole('status').getByText('Available').waitFor();
}

export async function chooses_a_named_state_in_the_language_of_the_page(stage) {
  const { page } = stage;
  const portal = await openPresence(stage, { language: 'de' });
  portal.mock.company[`${TENANT}/custom_states`] = [
    {
      id: idOf('E', 7),
      name: 'Coffee break',
      availability: 'be_right_back',
      activity: null,
      labels: { de: 'Kaffeepause' },
      revision: 1,
      created_at: '2026-11-20T08:00:00Z',
      updated_at: '2026-11-20T08:00:00Z',
    },
  ];
  await page.getByRole('button', { name: 'Eigene Angabe setzen' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Kaffeepause' });
  await dialog.getByRole('combobox', { name: 'Tätigkeit' }).waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Speichern' }).click();
  await portal.told('Die eigene Angabe wurde gesetzt.');
  const put = portal.mock.requests.findLast(({ method }) => method === 'PUT');
  const rest = { is_out_of_office: false, expires_at: null };
  assert.deepEqual(put.body, { custom_state: idOf('E', 7), ...rest });
  await part(page, 'Jetzt').getByRole('status').getByText('Kaffeepause').waitFor();
  await part(page, 'Jetzt').getByText('Der Status dahinter ist „Gleich zurück“.').waitFor();
}

export async function a_refusal_is_said_where_it_was_asked_for(stage) {
  const { page } = stage;
  const portal = await openPresence(stage);
  await page.getByRole('button', { name: 'Set own word' }).click();
  portal.mock.refuse(/PUT .*manual$/, 403, 'Not yours.');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').getByText('Your rights do not include this.').waitFor();
}

export async function marks_out_of_office_and_removes_the_mark(stage) {
  const { page } = stage;
  const portal = await openPresence(stage);
  const away = part(page, 'Out of office');
  await away.getByText('Not marked.').waitFor();
  await away.getByRole('button', { name: 'Mark as out of office' }).click();
  await page.getByRole('dialog').getByLabel('Until').fill('2099-01-01T10:00');
  await page.getByRole('dialog').getByRole('button', { name: 'Mark' }).click();
  await portal.told('Marked as out of office.');
  await away.getByText(/^Marked by hand until/).waitFor();
  await part(page, 'Why')
    .getByText(/^It is marked as out of office by: Out of office/)
    .waitFor();
  await away.getByRole('button', { name: 'Remove the mark' }).click();
  await portal.told('The mark was removed.');
  await away.getByText('Not marked.').waitFor();
}

export async function notes_are_added_changed_and_deleted(stage) {
  const { page } = stage;
  const portal = await openPresence(stage);
  const notes = part(page, 'Notes');
  await notes.getByText('There is none.').waitFor();
  await notes.getByRole('button', { name: 'Add note' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Add note' }).click();
  await dialog.getByText('Enter a value.').waitFor();
  await dialog.getByLabel('Text').fill('Back at three');
  await dialog.getByRole('button', { name: 'Add note' }).click();
  await portal.told('The note was saved.');
  await notes.getByRole('button', { name: 'Change the note “Back at three”' }).click();
  await dialog.getByLabel('Text').fill('Back at four. Ask for Anna until then.');
  await dialog.getByRole('combobox', { name: 'About' }).selectOption('out_of_office');
  await portal.inspect('contact-note', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await portal.told('The note was saved.');
  await notes.getByText(/^Out of office · by hand · written/).waitFor();
  await notes.getByRole('button', { name: /^Delete the note “Back at four/ }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await portal.told('The note was deleted.');
  await notes.getByText('There is none.').waitFor();
}

export async function what_sources_note_is_shown_with_its_source_and_cannot_be_edited(stage) {
  const { page } = stage;
  const [contact, expires_at] = [idOf('C', 0), '2027-01-01T00:00:00Z'];
  const text = 'Bin bis Freitag in Graz, danach wieder im Haus. '.repeat(8).trim();
  const note = { source: 'sip', kind: 'personal', language: 'de', expires_at, text };
  const away = { ...note, kind: 'out_of_office', language: null, text: 'On holiday' };
  const portal = await openPresence(stage, {
    before: (mock) => mock.presence.notesOfSources.set(contact, [note, away]),
  });
  const notes = part(page, 'Notes');
  await notes.getByText('Personal · said by sip, for colleagues only').waitFor();
  await notes.getByText('Out of office · said by sip, for colleagues only').waitFor();
  assert.equal(await notes.getByText(text).getAttribute('lang'), 'de');
  assert.equal(await notes.getByRole('button', { name: /note “/ }).count(), 0);
  assert.equal(await notes.getByText('There is none.').count(), 0);
  await portal.inspect('contact-notes-of-sources');
}

export async function twenty_notes_are_the_most(stage) {
  const { page } = stage;
  const contact = idOf('C', 0);
  const portal = await openPresence(stage, {
    before: (mock) => {
      for (let at = 1; at <= 20; at += 1) {
        mock.presence.answer('POST', `${TENANT}/contacts/${contact}/notes`, {
          body: { text: `Note ${at}`, kind: 'personal' },
        });
      }
    },
  });
  await part(page, 'Notes').getByText('A contact has at most 20 notes.').waitFor();
  const add = part(page, 'Notes').getByRole('button', { name: 'Add note' });
  assert.equal(await add.getAttribute('aria-disabled'), 'true');
  await portal.inspect('contact-notes-full');
}

export async function a_contact_of_whom_nothing_is_said_teaches_the_next_step(stage) {
  const { page } = stage;
  const portal = await openPresence(stage, { contact: 7 });
  await part(page, 'Now').getByRole('status').getByText('Unknown').waitFor();
  await part(page, 'Why').getByText('Nothing so far. Set the own word above').waitFor();
  await portal.inspect('contact-presence-none');
}

export async function a_service_shows_who_staffs_it(stage) {
  const { page } = stage;
  const portal = await openPresence(stage, {
    contact: 5,
    before: (mock) =>
      mock.presence.say(idOf('C', 5), {
        rule: 'service',
        claims: [],
        presence: { availability: 'available' },
      }),
  });
  await part(page, 'Why').getByText('no group staffs it').waitFor();
  const service = portal.mock.company[`${TENANT}/contacts`][5];
  service.staffed_by = portal.mock.company[`${TENANT}/groups`][0].id;
  portal.mock.presence.say(idOf('C', 5), {
    rule: 'service',
    claims: [],
    presence: { availability: 'available' },
    staff: {
      group: service.staffed_by,
      decides: true,
      states: [
        { availability: 'available', persons: 2 },
        { availability: 'do_not_disturb', persons: 1 },
        { availability: 'offline', persons: 1234 },
      ],
    },
  });
  await page.reload();
  await page.getByRole('tab', { name: 'Presence', exact: true }).click();
  await part(page, 'Why').getByText('the best state of the people who staff it').waitFor();
  await part(page, 'Why').getByText('Available 2, Do not disturb 1 and Offline 1,234.').waitFor();
  await portal.inspect('contact-presence-service');
}

export async function a_look_that_fails_says_so_and_tries_again(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  for (let times = 0; times < 3; times += 1) portal.mock.refuse(/GET .*why$/, 503, 'Busy.');
  await portal.go(`${HOME}/contacts/${idOf('C', 0)}`);
  await page.getByRole('tab', { name: 'Presence', exact: true }).click();
  await page.getByRole('alert').getByText('The gateway is busy.').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Why', exact: true }).waitFor();
}

export async function an_agent_speaks_for_nobody_else(stage) {
  const { page } = stage;
  // The same session as somebody whose role is on a group.
  await page.route('**/api/v1/session', async (route) => {
    const response = await route.fetch();
    const held = { role: 'agent', scope: { kind: 'group', id: idOf('G', 1) } };
    if (!response.ok()) return route.fulfill({ response });
    return route.fulfill({ response, json: { ...(await response.json()), grants: [held] } });
  });
  const portal = await openPresence(stage, { contact: 1 });
  await part(page, 'Own word').getByText('None is given').waitFor();
  await portal.settle();
  assert.equal(await part(page, 'Own word').getByRole('button').count(), 0);
  assert.equal(await part(page, 'Notes').getByRole('button').count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Resubscribe' }).count(), 0);
  await portal.inspect('contact-presence-agent');
  const user = portal.mock.company[`${TENANT}/users`].find(({ id }) => id === idOf('U', 1));
  user.contact = idOf('C', 1);
  await page.reload();
  await page.getByRole('tab', { name: 'Presence', exact: true }).click();
  await part(page, 'Own word').getByRole('button', { name: 'Set own word' }).waitFor();
  await part(page, 'Notes').getByRole('button', { name: 'Add note' }).waitFor();
}
