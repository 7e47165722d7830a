// Two clients of presence interface V2 against a running gateway, with the client for web pages. Reads
// where and as whom from standard input, and says `ok …` for each thing that was seen to work.
import assert from 'node:assert/strict';
import { createConnection, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const given = JSON.parse(await text(process.stdin));
const source = fileURLToPath(new URL('../client/src/rose/index.ts', import.meta.url));
const { module } = await runnerImport(source);
const { PresenceClient, RoseError, SECTION, shown } = module;

/** A way to the gateway that can be cut. */
class Cable {
  #sockets = new Set();

  async lay() {
    const { hostname, port } = new URL(given.url);
    this.server = createServer((near) => {
      const far = createConnection({ host: hostname, port: Number(port) });
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        this.#sockets.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.on('close', () => this.#sockets.delete(one));
      }
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  cut() {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** The next event of this name that is as wanted. */
function next(client, name, isWanted = () => true) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${name} in time`)), 20_000);
    const off = client.on(name, (told) => {
      if (!isWanted(told)) return;
      clearTimeout(late);
      off();
      resolve(told);
    });
  });
}

const cable = new Cable();
const url = await cable.lay();
const { tenant, berts } = given;
// Short pauses: the tests of the client itself look at their length.
const anna = new PresenceClient({ url, tenant, token: given.anna, random: () => 0 });
const bert = new PresenceClient({ url: given.url, tenant, token: given.bert });
for (const client of [anna, bert]) {
  const isOpen = next(client, 'connection', ({ state }) => state === 'open');
  client.start();
  await isOpen;
}

const [first] = await anna.subscribe([berts]);
assert.equal(shown(first.iPresenceState), 'available');
assert.equal(first.asnRemoteContact?.u8sDisplayName, 'Bert');
console.log('ok a contact is shown');

const busy = next(anna, 'presence');
const own = next(bert, 'absence');
await bert.setAbsence({ u8sContactId: berts, eAbsentState: 3 });
const told = await busy;
assert.equal(shown(told.presence.iPresenceState), 'do_not_disturb');
assert.equal(told.changed, SECTION.presence | SECTION.absentState);
assert.equal(told.presence.asnRemoteContact?.u8sDisplayName, 'Bert', 'the rest is still known');
assert.equal((await own).eAbsentState, 3);
assert.equal((await anna.absence(berts)).eAbsentState, 3);
console.log('ok an own word is told to everybody');

const noted = next(anna, 'presence');
await bert.setNote(berts, 'Back at 4', ['In Graz']);
const note = await noted;
assert.equal(note.changed, SECTION.presence | SECTION.note);
assert.deepEqual(note.presence.asnCustomNote?.seqNotes, ['Back at 4', 'In Graz']);
console.log('ok notes are told');

await assert.rejects(
  anna.setNote(berts, 'x'),
  (error) => error instanceof RoseError && error.detail === 1,
);
await assert.rejects(anna.image('sip:nobody@example.org'), { detail: 4 });
console.log('ok refusals are typed');

// The connection is lost; meanwhile something changes.
const lost = next(anna, 'connection', ({ state }) => state === 'lost');
cable.cut();
await lost;
await bert.resetAbsence(berts);
const back = await next(
  anna,
  'presence',
  ({ presence }) => shown(presence.iPresenceState) === 'available',
);
assert.equal(back.presence.asnAbsentState?.eAbsentState, 4);
console.log('ok the client came back and knows what it missed');

// Whom it looks at is still told of.
const again = next(anna, 'presence', ({ presence }) => presence.asnCustomNote?.u8sNote === '');
await bert.setNote(berts, '');
await again;
await anna.unsubscribe([berts]);
assert.equal(anna.presence(berts), null);
console.log('ok updates go on after the loss');

anna.stop();
bert.stop();
cable.server.close();
process.exit(0);
