/**
 * The portal as a running gateway serves it, for another program: signs in both ways, walks every
 * page in both languages, works with a contact, and starts a run.
 *
 *   node portal-live.mjs [--shots FOLDER]     environment: CHROMIUM
 *
 * Standard input is one JSON object: "url" of the gateway; "link", with which the administrator of a
 * tenant signs in once; "tenant" and "password", with which "admin" of the tenant and "admin" of the
 * platform do; "newcomer", the name of somebody whom the next run of the tenant's source adds; "folder", in which sources
 * of files have their files, by tenant.
 *
 * With a folder, a page is looked at in both sizes and both themes, and pictures are kept there.
 * Says each step on standard output; ends with 1 when one fails, or when the browser complained.
 */
import { perform } from './perform.mjs';
import { ACTS, EXPECTED_REFUSALS } from './portal-live-acts.mjs';

await perform({
  program: 'live',
  allowed: EXPECTED_REFUSALS,
  pathOf: ({ link, url }) => new URL(link, url).hash,
  actsOf: () => ACTS.map((act) => [act.name, act]),
});
