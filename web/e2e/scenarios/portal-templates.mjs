/** The portal's templates, and what publications choose of them. */
import assert from 'node:assert/strict';
import { openPortal } from '../portal-stage.mjs';

const TENANT = '01M000000000000000000TENA1';
const HOME = `t/${TENANT}`;
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenausgabestelle';
const NEEDED = '<slot name="name"></slot><slot name="state"></slot><slot name="actions"></slot>';

const last = (portal, wanted) => portal.mock.requests.findLast(({ method }) => method === wanted);

export async function a_template_is_derived_written_and_looked_at(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  portal.mock.templates.add({ name: LONG, kind: 'contact', is_default: true });
  await portal.go(`${HOME}/templates`);
  await page.getByText('Contacts (built in)').waitFor();
  await page.getByText(LONG).first().waitFor();
  await portal.inspect('templates');
  await page.getByRole('button', { name: 'Add template' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Ours');
  await portal.inspect('template-new', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Add template' }).click();
  await page.getByRole('heading', { name: 'Ours' }).waitFor();
  assert.equal(last(portal, 'POST').path, `/tenants/${TENANT}/templates/preview`);

  // The widget itself shows it, with what is written now.
  const widget = page.locator('switchboard-contacts');
  await widget.locator('.card .name').first().waitFor();
  const html = page.getByRole('textbox', { name: 'HTML' });
  await html.fill(`<p class="strong">{{t.hello}} {{name}}</p>\n${NEEDED}`);
  await page.getByRole('textbox', { name: 'Texts (JSON)' }).fill('{"en": {"hello": "Hello from"}}');
  await page
    .getByRole('textbox', { name: 'CSS variables' })
    .fill('--switchboard-accent: light-dark(#0d5a63, #6fd0d6);\n--switchboard-radius: 0');
  await widget
    .locator('.template p', { hasText: /^Hello from \w+/ })
    .first()
    .waitFor();
  await portal.inspect('template');
  await page.getByLabel('Place on the page').selectOption('floating');
  await widget.getByRole('button', { name: 'Contact us' }).click();
  await widget.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await widget.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await portal.told('Ours was saved.');
  const { body } = last(portal, 'PATCH');
  assert.deepEqual(body.variables, {
    '--switchboard-accent': 'light-dark(#0d5a63, #6fd0d6)',
    '--switchboard-radius': '0',
  });
  assert.deepEqual(body.texts, { en: { hello: 'Hello from' } });
  assert.equal(body.placement, 'floating');
}

export async function what_is_refused_is_named_with_its_line(stage) {
  const { page } = stage;
  const portal = await openPortal(stage);
  stage.allow(/422/);
  const { id } = portal.mock.templates.add({ name: 'Ours', kind: 'contact' });
  await portal.go(`${HOME}/templates/${id}`);
  const html = page.getByRole('textbox', { name: 'HTML' });
  await html.fill(`${NEEDED}\n<p>x</p>\n<img src="x">`);
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByText('Line 3: this element is not allowed in templates.').waitFor();
  await preview.getByText('<img>', { exact: true }).waitFor();
  await page.getByRole('textbox', { name: 'Texts (JSON)' }).fill('{\n"de": {');
  await page.getByRole('textbox', { name: 'CSS variables' }).fill('red');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Line 2: this is not well-formed JSON.').waitFor();
  await page.getByText('Line 1: a variable such as').waitFor();
  await portal.inspect('template-refused');
  await page.getByRole('textbox', { name: 'Texts (JSON)' }).fill('');
  await page.getByRole('textbox', { name: 'CSS variables' }).fill('');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('form').getByText('Line 3: this element is not allowed').waitFor();
}

export async function a_form_is_laid_out_and_a_template_deleted(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  const { id } = portal.mock.templates.add({ name: 'Back', kind: 'callback' });
  await portal.go(`${HOME}/templates/${id}`);
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByText('Leave us a message.').waitFor();
  await preview.getByLabel('Language of the visitor').selectOption('de');
  await preview.getByText('Hinterlassen Sie uns eine Nachricht.').waitFor();
  // What stands in a row on pages stands in one here.
  const [name, phone] = await Promise.all(
    ['name', 'phone'].map((field) => preview.getByText(field, { exact: true }).boundingBox()),
  );
  assert.equal(name.y, phone.y);
  assert.ok(phone.x > name.x, 'beside each other');
  await portal.inspect('template-form');
  await portal.go(`${HOME}/templates`);
  await page.getByRole('row', { name: /Back/ }).getByRole('button').last().click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete template' }).click();
  await portal.told('Back was deleted.');
}

export async function a_publication_chooses_templates(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  const { id } = portal.mock.templates.add({ name: 'Ours', kind: 'contact' });
  portal.mock.templates.add({
    name: 'Elsewhere',
    kind: 'contact',
    site: '01M0000000000000000000S999',
  });
  await portal.go(`${HOME}/publications`);
  await page.getByRole('row').nth(1).getByRole('link').first().click();
  const look = page.getByRole('group', { name: 'Templates' });
  const contacts = look.getByLabel('Contacts', { exact: true });
  await contacts.locator('option', { hasText: 'Ours' }).waitFor({ state: 'attached' });
  assert.deepEqual(await contacts.locator('option').allTextContents(), [
    'Default',
    'Built in',
    'Ours',
  ]);
  await contacts.selectOption('Ours');
  await look.getByLabel('Callback form').selectOption('Built in');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await portal.told(/was saved/);
  assert.deepEqual(last(portal, 'PATCH').body, {
    templates: { contact: id, callback: 'callback' },
  });
}
