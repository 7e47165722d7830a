/** The operator's connection, and what this computer says of itself. */
import assert from 'node:assert/strict';
import { openOperator, watchIdle } from '../operator-stage.mjs';

const LOST = 'The connection is lost';
const known = (page) => page.locator('li[data-state]:not([data-state=unknown])').first();

export async function a_lost_connection_comes_back_without_a_reload(stage) {
  const { page } = stage;
  const operator = await openOperator(stage);
  const { rose } = operator;
  await page.evaluate(() => Object.assign(window, { isSame: true }));
  rose.isDown = true;
  rose.cut();
  await page.getByText(LOST).waitFor();
  await known(page).waitFor({ state: 'detached' });
  assert.equal(await page.title(), 'Unknown – Operator');
  await operator.look('lost', { size: 'phone', scheme: 'light' });
  rose.isDown = false;
  await known(page).waitFor();
  await page.getByText(LOST).waitFor({ state: 'detached' });
  assert.ok(await page.evaluate(() => window.isSame));
  stage.expectQuiet();
}

export async function who_cannot_connect_is_told_what_may_be_in_the_way(stage) {
  const { page } = stage;
  const operator = await openOperator(stage, {
    isThere: false,
    before: (_, rose) => Object.assign(rose, { isDown: true }),
  });
  await page.getByText('the gateway wants HTTPS here').waitFor();
  await stage.expectAccessible();
  await stage.shot('operator-barred', false);
  operator.rose.isDown = false;
  await operator.there();
}

export async function silence_makes_everybody_unknown_within_half_a_minute(stage) {
  const { page } = stage;
  const operator = await openOperator(stage);
  operator.rose.isSilent = true;
  const since = Date.now();
  await page.getByText(LOST).waitFor();
  await known(page).waitFor({ state: 'detached' });
  assert.ok(Date.now() - since < 30_000, `${Date.now() - since} ms`);
  operator.rose.isSilent = false;
  await known(page).waitFor();
}

const words = (operator) => operator.sent('PUT', '/claims/computer').map(({ body }) => body.state);

/** Waits until the computer said something last. */
async function said(operator, word) {
  const until = Date.now() + 20_000;
  while (words(operator).at(-1) !== word) {
    assert.ok(Date.now() < until, `it said ${words(operator)}, not ${word}`);
    await operator.page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  }
}

export async function the_computer_says_what_the_browser_sees_when_it_is_let(stage) {
  const { page } = stage;
  const operator = await openOperator(stage);
  await said(operator, 'active');
  const { origin, ttl_seconds } = operator.sent('PUT', '/claims/computer')[0].body;
  assert.equal(origin.source, 'operator');
  assert.equal(ttl_seconds, 180);
  await page.getByRole('button', { name: 'Notice when I am away' }).waitFor();

  const idle = await watchIdle(stage, operator.mock.url);
  await idle.grant();
  await page.reload();
  await operator.there();
  await idle.set(false);
  await said(operator, 'idle');
  await page.getByText('Says that you have not used it for a while.').waitFor();
  await idle.set(false, false);
  await said(operator, 'locked');
  await operator.look('computer', { size: 'phone', scheme: 'light' });
  await idle.set(true);
  await said(operator, 'active');

  await page.getByRole('switch', { name: 'Say whether I am at this computer' }).click();
  await page.getByText('Nothing is said about this computer.').waitFor();
  const ended = operator.sent('PUT', '/claims').at(-1).body;
  assert.deepEqual(
    [ended.kind, ended.availability, ended.ttl_seconds, ended.is_repeated],
    ['computer', 'offline', 1, false],
  );
  const count = words(operator).length;
  await page.reload();
  await operator.there();
  await page.getByText('Nothing is said about this computer.').waitFor();
  assert.equal(words(operator).length, count, 'the switch stays');
}

export async function who_closes_the_page_or_signs_out_leaves_no_claim(stage) {
  const { page } = stage;
  const operator = await openOperator(stage);
  await said(operator, 'active');
  await page.reload();
  await operator.there();
  const [{ body }] = operator.sent('POST', '/claims/lost');
  assert.deepEqual([body.kind, body.source], ['computer', 'operator']);
  const devices = operator
    .sent('PUT', '/claims/computer')
    .map(({ body: one }) => one.origin.device);
  await said(operator, 'active');
  assert.deepEqual(
    [...new Set(devices)],
    [body.device],
    'a page that is loaded anew is the same device',
  );

  await page.getByRole('button', { name: 'Account and settings' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Switchboard' }).waitFor();
  const at = (method, end) =>
    operator.mock.requests.findLastIndex((one) => one.method === method && one.path.endsWith(end));
  assert.ok(at('PUT', '/claims') > 0 && at('PUT', '/claims') < at('DELETE', '/session'));
}
