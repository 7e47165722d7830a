/** The vCard of a contact in the portal: as a card, and as files. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const WORDS = {
  en: { tab: 'vCard', of: 'vCard of Anna Müller', off: 'The tenant has vCards switched off' },
  de: { tab: 'vCard', of: 'vCard von Anna Müller', off: 'Der Mandant hat vCards abgeschaltet' },
};

async function openContact(stage, language, isOfTenant) {
  const portal = await openPortal(stage, { path: null, language });
  const { company } = portal.mock;
  const [contact] = company[`/tenants/${TENANT}/contacts`];
  contact.is_vcard_enabled = true;
  company['/tenants'].find(({ id }) => id === TENANT).is_vcard_enabled = isOfTenant;
  await portal.open(`t/${TENANT}/contacts/${contact.id}`);
  await stage.page.getByRole('tab', { name: 'vCard' }).click();
  await portal.settle();
  return { portal, contact };
}

async function shows_and_gives(stage, language) {
  const { page } = stage;
  const { portal, contact } = await openContact(stage, language, true);
  const card = page.getByRole('article', { name: WORDS[language].of });
  await card.getByRole('link', { name: contact.mail }).waitFor();
  await card.getByRole('link', { name: '+44 20 7946 0000' }).waitFor();
  await card.getByText('Brightmoor Instruments, Ltd').waitFor();
  const picture = card.getByRole('img');
  assert.ok(await picture.evaluate((image) => image.naturalWidth > 0), 'the picture is drawn');
  await portal.inspect(`contact-vcard-${language}`);
  for (const version of ['3.0', '4.0']) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: version }).click(),
    ]);
    assert.equal(download.suggestedFilename(), `${contact.id}.vcf`);
    const file = await readFile(await download.path(), 'utf8');
    assert.ok(file.includes(`VERSION:${version}\r\n`), file);
  }
}

export async function a_vcard_is_seen_as_a_card_and_downloaded(stage) {
  await shows_and_gives(stage, 'en');
}

export async function a_vcard_is_seen_as_a_card_and_downloaded_in_german(stage) {
  await shows_and_gives(stage, 'de');
}

export async function a_tenant_without_vcards_gives_none(stage) {
  for (const language of ['en', 'de']) {
    const { portal } = await openContact(stage, language, false);
    await portal.speak(language);
    await stage.page.reload();
    await stage.page.getByRole('tab', { name: 'vCard' }).click();
    await stage.page.getByText(WORDS[language].off).waitFor();
    await portal.inspect(`contact-vcard-off-${language}`);
    await stage.page.context().clearCookies();
  }
}

export async function without_the_switch_there_is_no_card(stage) {
  const { page } = stage;
  const { portal } = await openContact(stage, 'en', true);
  await page.getByRole('article').waitFor();
  await page.getByRole('tab', { name: 'Details' }).click();
  await page.getByRole('switch', { name: 'vCard information enabled' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told('was saved.');
  await page.getByRole('tab', { name: 'vCard' }).waitFor({ state: 'detached' });
}
