/** The operator full of hostile values: they are text, and make nothing wider than a telephone. */
import assert from 'node:assert/strict';
import { HOSTILE } from '../hostile-values.mjs';
import { idOf } from '../mock-company.mjs';
import { claimOf, partOf } from '../mock-presence.mjs';
import { addContact, addGroup, HOME, OWN, openOperator } from '../operator-stage.mjs';

export async function hostile_values_are_text(stage) {
  const { page } = stage;
  await page.addInitScript(() => {
    Object.defineProperty(window, 'hacked', { set: () => console.error('a hostile script ran') });
  });
  const operator = await openOperator(stage, {
    before({ company, presence }) {
      for (const [at, value] of HOSTILE.entries()) {
        const names = { display_name: value, job_title: value, work_phone: value, mail: value };
        const id = addContact(company, 800 + at, names);
        addGroup(company, 910 + at, value, [OWN, id]);
        presence.answer('POST', `${HOME}/contacts/${id}/notes`, {
          body: { text: value },
          headers: {},
        });
        const claim = claimOf('manual', 'busy', { custom: value });
        presence.say(id, { claims: [partOf(claim, 'decides')] });
      }
    },
  });
  for (const at of HOSTILE.keys())
    await page.locator(`[data-person="${idOf('C', 800 + at)}"]`).click();
  await operator.settle();
  for (const value of HOSTILE) {
    const said = await page.evaluate(() => document.body.textContent);
    assert.ok(said.includes(value), value);
  }
  const bad = await page.evaluate(() => {
    const all = [...document.querySelectorAll('a, [src]')];
    return all
      .map((one) => one.getAttribute('href') ?? one.getAttribute('src') ?? '')
      .filter((address) => !/^(tel:[\d+*#]+$|mailto:|data:image\/|\/)/.test(address));
  });
  assert.deepEqual(bad, []);
  await operator.look('hostile', { size: 'phone', scheme: 'light' });
  stage.expectQuiet();
}
