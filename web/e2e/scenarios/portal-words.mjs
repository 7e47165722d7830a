/** What pages say when their words do not come at once. */
import assert from 'node:assert/strict';
import { TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

export async function words_that_could_not_be_loaded_are_loaded_again(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  portal.mock.company[`/tenants/${TENANT}/audit`] = [];
  let asked = 0;
  await page.route(/\/assets\/en-[^/]*\.js$/, (route) => {
    asked += 1;
    return asked > 2 ? route.continue() : route.abort();
  });
  // Home has the words that it needs.
  const failed = page.waitForEvent('requestfailed', ({ failure }) => Boolean(failure));
  await portal.go(`t/${TENANT}`);
  await portal.arrived();
  await failed;
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByText('Nothing was done yet').waitFor();
  assert.equal(asked, 3);
}
