/** Every page of the portal, in both languages. */
import { furnish } from '../mock-admin.mjs';
import { kept, TENANT } from '../mock-company.mjs';
import { idsOf, read, walk } from '../portal-pages.mjs';
import { openPortal } from '../portal-stage.mjs';

const DOMAIN = {
  ...kept('01MW0000000000000000000001'),
  title: 'Main website',
  hosts: ['www.example.com', 'shop.example.com'],
  is_http_allowed: false,
  is_https_allowed: true,
};

export async function every_page_of_a_tenant_is_sound_in_both_languages(stage) {
  const portal = await openPortal(stage);
  furnish(portal.mock.company, TENANT);
  portal.mock.company[`/tenants/${TENANT}/domains`].push(DOMAIN);
  portal.mock.company[`/tenants/${TENANT}/publications`][0].domains = [DOMAIN.id];
  portal.mock.templates.add({ name: 'Ours' });
  await walk(portal, await idsOf(stage.page), { isThorough: stage.hasShots });
}

export async function every_page_of_the_platform_is_sound_in_both_languages(stage) {
  const portal = await openPortal(stage, { as: 'root' });
  furnish(portal.mock.company, TENANT);
  const { user } = await read(stage.page, '/session');
  const reseller = (await read(stage.page, '/resellers')).items[0].id;
  await walk(portal, { user, reseller }, { isPlatform: true, isThorough: stage.hasShots });
}
