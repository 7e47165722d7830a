/** A gateway of its own with one tenant, whose contacts come from a file. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { firstTenant, PASSWORD } from './client.mjs';
import { startEmpty } from './program.mjs';

const FIRST = ['Anna', 'Björn', 'Chloë', 'Dragan', 'Émile', 'Fatima', 'Giulia', 'Hakan'];
const LAST = ['Müller', 'Nowak', 'Sørensen', 'Brunner', 'Weißbach', 'Łukasik', "O'Neil", 'Özdemir'];

/** Starts the program at `binary` over an empty store, and fills it with `count` contacts. */
export async function startGateway(binary, count) {
  const { url, folder, token, close } = await startEmpty(binary);
  const { admin, tenant } = await firstTenant(url, token);
  const home = `/tenants/${tenant}`;
  await mkdir(join(folder, 'sources', tenant), { recursive: true });
  await writeFile(join(folder, 'sources', tenant, 'people.csv'), peopleOf(count));
  const connection = { kind: 'file', path: 'people.csv', format: 'csv' };
  const source = (await admin.ask('POST', `${home}/sources`, { name: 'People', connection })).id;
  const run = (await admin.ask('POST', `${home}/sources/${source}/runs`, {})).id;
  for (;;) {
    const { state } = await admin.ask('GET', `${home}/runs/${run}`);
    if (state === 'succeeded') break;
    if (['failed', 'cancelled', 'stale'].includes(state)) throw new Error(`the run ${state}`);
    await pause(500);
  }
  return { url, tenant, password: PASSWORD, admin, close };
}

function peopleOf(count) {
  const lines = Array.from({ length: count }, (_, at) => {
    const [first, last] = [FIRST[at % 8], LAST[Math.floor(at / 8) % 8]];
    return `${at},${first} ${last} ${at},p${at}@example.com,sip:p${at}@example.com,${first},${last},Engineer ${at % 97}`;
  });
  return `external_id,display_name,mail,sip,first_name,last_name,job_title\n${lines.join('\n')}\n`;
}
