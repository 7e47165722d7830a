/**
 * What `docs/directory-sync.md` tells an administrator to do, done in the portal of a running gateway
 * against a real directory, for another program.
 *
 *   node guide-live.mjs [--shots FOLDER]     environment: CHROMIUM
 *
 * Standard input is one JSON object: "acts", which of those of `guide-live-acts.mjs` are done, in this
 * order; "url" of the gateway; and what these acts need.
 *
 * Says each step on standard output, and what an act found out as "told NAME VALUE"; ends with 1 when a
 * step fails, or when the browser complained.
 */
import { ACTS } from './guide-live-acts.mjs';
import { perform } from './perform.mjs';

await perform({
  program: 'guide',
  // Asking who is signed in when nobody is.
  allowed: /Failed to load resource: .* status of 401/,
  actsOf: ({ acts }) => acts.map((name) => [name, ACTS[name]]),
  isPictured: true,
});
