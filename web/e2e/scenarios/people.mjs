import assert from 'node:assert/strict';
import { card, everyState, group, services } from '../company.mjs';

/** What has the focus, through shadow roots. */
function focused(page) {
  return page.evaluate(() => {
    const inner = document.activeElement?.shadowRoot?.activeElement;
    return inner?.getAttribute('aria-label') ?? inner?.textContent ?? null;
  });
}

export async function everything_can_be_reached_by_keyboard({ page, show, shot }) {
  const people = everyState();
  const { topic } = await show({
    cards: [group('G1', 'Sales team', people.slice(0, 2)), people[2]],
  });

  await page.keyboard.press('Tab');
  assert.equal(await focused(page), '2 of 2 reachable');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Chat: Anna Berg');
  await shot('keyboard');

  topic.change({ changed: [group('G1', 'Sales team', [card({ ...people[0], state: 'busy' })])] });
  await page.locator('.member[data-state="busy"]').waitFor();
  assert.equal(await focused(page), 'Chat: Anna Berg');

  for (let press = 0; press < 4; press += 1) await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Chat: Marie-Claire von Stetten-Oppermann');
  const described = await page.evaluate(() => {
    const root = document.activeElement.shadowRoot;
    const link = root.activeElement;
    return [
      link.ariaDisabled,
      root.getElementById(link.getAttribute('aria-describedby')).textContent,
    ];
  });
  assert.deepEqual(described, ['true', 'Not reachable: busy at the moment']);
}

export async function there_is_nothing_for_axe_to_complain_about({ page, show, expectAccessible }) {
  await show({ cards: [group('G1', 'Sales team', everyState()), ...everyState(), ...services()] });
  await page.locator('summary').click();
  await expectAccessible();

  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible();
}

export async function light_and_dark_follow_the_page({ page, show, shot }) {
  await show({ cards: everyState() });
  const ground = () =>
    page.evaluate(() => {
      const one = document.querySelector('switchboard-contacts').shadowRoot.querySelector('.card');
      return getComputedStyle(one).backgroundColor;
    });

  assert.equal(await ground(), 'rgb(255, 255, 255)');
  await shot('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.equal(await ground(), 'rgb(27, 32, 40)');
  await shot('dark');
  await page.evaluate(() => {
    document.querySelector('switchboard-contacts').setAttribute('theme', 'light');
  });
  assert.equal(await ground(), 'rgb(255, 255, 255)');
}

export async function a_phone_and_long_names_need_no_side_scroll(stage) {
  const { page, show, shot } = stage;
  await page.setViewportSize({ width: 360, height: 740 });
  const long = 'Friedrich-Wilhelm Maximilian von und zu Hohenlohe-Waldenburg-Schillingsfürst';
  const word = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
  await show({
    cards: [
      card({ id: 'L1', name: long, title: word, note: `${word} ${word}`, custom: word }),
      card({
        id: 'L2',
        name: word,
        company: word,
        site: long,
        is_out_of_office: true,
        state: 'away',
      }),
      card({ id: 'L3', name: 'محمد الخوارزمي', title: 'مهندس معايرة', initials: 'مخ' }),
      group('G1', word, everyState()),
      ...services(),
    ],
    publication: { title: word, closes_at: new Date(new Date().setHours(23, 59)).toISOString() },
    attributes: 'lang="de"',
  });
  await page.locator('summary').click();

  await stage.expectNoSideScroll();
  await shot('phone');
}

export async function forced_colors_leave_shapes_and_borders({ page, show, shot }) {
  await page.emulateMedia({ forcedColors: 'active' });
  await show({ cards: everyState() });

  const border = await page
    .locator('.state')
    .first()
    .evaluate((one) => getComputedStyle(one).borderTopWidth);
  assert.equal(border, '1px');
  await shot('forced-colors');
}

export async function less_motion_means_none({ page, show }) {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await show({ cards: everyState() });

  const moves = await page
    .locator('.button')
    .first()
    .evaluate((one) => {
      const { transitionDuration, animationName } = getComputedStyle(one);
      return [transitionDuration, animationName];
    });
  assert.deepEqual(moves, ['0s', 'none']);
}

export async function a_page_from_right_to_left_is_mirrored(stage) {
  const { page, show, shot } = stage;
  await show({ cards: everyState() });
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });

  const [picture, name] = await Promise.all(
    ['.picture', '.name'].map((part) => page.locator(part).first().boundingBox()),
  );
  assert.ok(picture.x > name.x);
  await stage.expectNoSideScroll();
  await shot('rtl');
}
