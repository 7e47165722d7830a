import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Disconnected,
  merge,
  type Presence,
  PresenceClient,
  type PresenceOptions,
  RoseError,
  RoseReject,
  SECTION,
  type Socket,
  shown,
} from './index';
import { read } from './message';

/** A gateway of one test: it keeps what is sent, and says what it is told to say. */
class Gateway {
  readonly sockets: FakeSocket[] = [];
  readonly addresses: [string, string[]][] = [];
  readonly open = (url: string, protocols: string[]): Socket => {
    this.addresses.push([url, protocols]);
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  };

  get last(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error('nobody has connected');
    return last;
  }
}

class FakeSocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  readonly sent: { id: number; operation: string; argument: unknown }[] = [];
  closedWith: number | undefined;

  send(text: string): void {
    const { invokeID, operationName, argument } = JSON.parse(text).invoke;
    this.sent.push({ id: invokeID, operation: operationName, argument });
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  answer(result: unknown, at = -1): void {
    const id = this.sent.at(at)?.id;
    this.say({ result: { invokeID: id, result: { resultValue: 0, result } } });
  }

  tell(operation: string, argument: unknown): void {
    this.say({ invoke: { invokeID: 99999, operationID: 1, operationName: operation, argument } });
  }

  end(code = 1006, reason = ''): void {
    this.onclose?.({ code, reason });
  }
}

const ANNA = 'sip:anna@example.org';

function started(gateway: Gateway, more: Partial<PresenceOptions> = {}): PresenceClient {
  const url = 'https://gateway.example';
  const client = new PresenceClient({
    url,
    tenant: 't',
    open: gateway.open,
    random: () => 1,
    ...more,
  });
  client.start();
  return client;
}

function connected(gateway: Gateway): PresenceClient {
  const client = started(gateway);
  gateway.last.onopen?.(undefined as never);
  return client;
}

describe('the client', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('signs in where the tenant is, with its token as the name of a protocol', () => {
    const gateway = new Gateway();
    started(gateway, { token: 'sbt_x' });
    started(gateway);

    const at = 'wss://gateway.example/api/v2/tenants/t/presence';
    expect(gateway.addresses).toEqual([
      [at, ['rose.json', 'bearer.sbt_x']],
      [at, ['rose.json']],
    ]);
  });

  it('shows contacts and takes updates in', async () => {
    const gateway = new Gateway();
    const client = connected(gateway);
    const told: unknown[] = [];
    client.on('presence', ({ changed, presence }) => told.push([changed, presence]));

    const asking = client.subscribe([ANNA]);
    expect(gateway.last.sent[0]).toEqual({
      id: 1,
      operation: 'asnGetAndSubscribePresenceV2',
      argument: { seqContactIDs: [ANNA], iEventFlagsToSubscribe: 1023 },
    });
    const first: Presence = {
      u8sContactId: ANNA,
      iPresenceState: 1,
      asnRemoteContact: { u8sDisplayName: 'Anna' },
    };
    gateway.last.answer({ seqSubscribedPresence: [first] });
    expect(await asking).toEqual([first]);
    gateway.last.tell('asnUpdatePresenceV2', {
      presence: { u8sContactId: ANNA, iPresenceState: 2 },
      iChangedFlags: 1,
    });
    gateway.last.tell('asnUpdatePresenceV2', { presence: { u8sContactId: 'x' }, iChangedFlags: 1 });

    expect(client.presence(ANNA)).toEqual({ ...first, iPresenceState: 2 });
    expect(told).toEqual([
      [1023, first],
      [1, { ...first, iPresenceState: 2 }],
    ]);
  });

  it('tells what is told of oneself and of who is gone', () => {
    const gateway = new Gateway();
    const client = connected(gateway);
    const told: unknown[] = [];
    for (const name of ['removed', 'absence', 'note', 'challenge'] as const) {
      client.on(name, (argument: unknown) => told.push([name, argument]));
    }

    gateway.last.tell('asnRemovePresence', { u8sContactID: ANNA });
    gateway.last.tell('asnUpdateMyAbsentStateV2', { absentstate: { eAbsentState: 3 } });
    gateway.last.tell('asnUpdateMyCustomNote', { customnote: { u8sNote: 'x' } });
    gateway.last.tell('asnMyPresenceRightsChallenge', { contactsChallenging: [] });
    gateway.last.tell('asnSomethingNew', {});

    expect(told).toEqual([
      ['removed', { contact: ANNA }],
      ['absence', { eAbsentState: 3 }],
      ['note', { u8sNote: 'x' }],
      ['challenge', []],
    ]);
  });

  it('comes back with longer and longer pauses, and looks at the same contacts', async () => {
    const gateway = new Gateway();
    const client = connected(gateway);
    client.subscribe([ANNA]).catch(() => {});
    gateway.last.answer({ seqSubscribedPresence: [{ u8sContactId: ANNA, iPresenceState: 1 }] });

    for (const pause of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      gateway.last.end();
      const before = gateway.sockets.length;
      await vi.advanceTimersByTimeAsync(pause - 1);
      expect(gateway.sockets.length).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(gateway.sockets.length).toBe(before + 1);
    }
    gateway.last.onopen?.(undefined as never);
    expect(gateway.last.sent.map(({ operation }) => operation)).toEqual([
      'asnGetAndSubscribePresenceV2',
    ]);
    gateway.last.answer({ seqSubscribedPresence: [{ u8sContactId: ANNA, iPresenceState: 2 }] });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(client.presence(ANNA)?.iPresenceState).toBe(2);

    // It lasted for a while, so the next pause is short again.
    gateway.last.end();
    const before = gateway.sockets.length;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(gateway.sockets.length).toBe(before + 1);
  });

  it('rejects what was asked when the connection is lost, or there is none', async () => {
    const gateway = new Gateway();
    const client = connected(gateway);
    const asking = client.absence(ANNA);
    gateway.last.end();

    await expect(asking).rejects.toBeInstanceOf(Disconnected);
    await expect(client.absence(ANNA)).rejects.toBeInstanceOf(Disconnected);
    expect(await client.subscribe([ANNA]), 'is kept for later').toEqual([]);
  });

  it('says when it heard something last, and asks at once when it is woken', async () => {
    const gateway = new Gateway();
    const client = connected(gateway);
    const openedAt = Date.now();
    expect(client.heardAt).toBe(openedAt);
    vi.advanceTimersByTime(5_000);
    gateway.last.tell('asnUnknown', {});
    expect(client.heardAt).toBe(openedAt + 5_000);

    client.wake();
    expect(gateway.last.sent.at(-1)?.operation).toBe('asnKeepAlive');
    gateway.last.end();
    expect(client.heardAt).toBeNull();
    expect(gateway.sockets).toHaveLength(1);
    client.wake();
    expect(gateway.sockets).toHaveLength(2);
    // It is connecting already, and once is enough.
    client.wake();
    vi.advanceTimersByTime(60_000);
    expect(gateway.sockets).toHaveLength(2);
    client.stop();
    client.wake();
    expect(gateway.sockets).toHaveLength(2);
  });

  it('finds out as soon as it is told to that nobody is there', () => {
    const gateway = new Gateway();
    const client = started(gateway, { silenceMs: 12_000, patienceMs: 8_000 });
    gateway.last.onopen?.(undefined as never);
    const states: string[] = [];
    client.on('connection', ({ state }) => states.push(state));
    vi.advanceTimersByTime(12_000);
    expect(gateway.last.sent.at(-1)?.operation).toBe('asnKeepAlive');
    vi.advanceTimersByTime(7_999);
    expect(states).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(states).toEqual(['lost']);
  });

  it('does not come back when it is refused, and says why', async () => {
    const gateway = new Gateway();
    const client = connected(gateway);
    const states: unknown[] = [];
    client.on('connection', (told) => states.push(told));

    const error = { iErrorDetail: 103, u8sErrorString: 'no client licence is free' };
    gateway.last.say({ error: { invokedID: 99999, error_value: 103, error } });
    gateway.last.end(4403, 'no client licence is free');
    await vi.advanceTimersByTimeAsync(600_000);

    expect(gateway.sockets.length).toBe(1);
    const reason = new RoseError(103, 'no client licence is free');
    expect(states).toEqual([{ state: 'refused', reason }]);
  });

  it('asks a silent gateway whether it is there, and leaves it when it is not', async () => {
    const gateway = new Gateway();
    connected(gateway);

    await vi.advanceTimersByTimeAsync(30_000);
    expect(gateway.last.sent.map(({ operation }) => operation)).toEqual(['asnKeepAlive']);
    gateway.last.answer({});
    await vi.advanceTimersByTimeAsync(30_000);
    expect(gateway.last.sent.length).toBe(2);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(gateway.sockets[0]?.closedWith).toBe(4000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(gateway.sockets.length).toBe(2);
  });

  it('names at most two hundred contacts at once', async () => {
    const gateway = new Gateway();
    const client = connected(gateway);
    const names = Array.from({ length: 450 }, (_, at) => `sip:${at}@example.org`);
    const asking = client.subscribe(names);
    for (let at = 0; at < 3; at++) {
      gateway.last.answer({ seqSubscribedPresence: [] });
      await vi.advanceTimersByTimeAsync(0);
    }
    await asking;

    const counts = gateway.last.sent.map(
      ({ argument }) => (argument as { seqContactIDs: string[] }).seqContactIDs.length,
    );
    expect(counts).toEqual([200, 200, 50]);
  });

  it('sets and takes back as the interface writes it', () => {
    const gateway = new Gateway();
    const client = connected(gateway);
    const ignored = () => {};

    client.setAbsence({ u8sContactId: ANNA, eAbsentState: 2 }).catch(ignored);
    client.resetAbsence(ANNA).catch(ignored);
    client.setNote(ANNA, 'a', ['b']).catch(ignored);
    client.image(ANNA, 'ab').catch(ignored);
    client.allow(ANNA, 'x', 65536).catch(ignored);
    client.disallow(ANNA, 'x').catch(ignored);

    const pair = { u8sOwnerContactID: ANNA, u8sRemoteContactID: 'x' };
    const customnote = { u8sContactID: ANNA, u8sUsername: '', u8sNote: 'a', seqNotes: ['b'] };
    expect(gateway.last.sent.map(({ operation, argument }) => [operation, argument])).toEqual([
      ['asnSetUserAbsentState', { absentstate: { u8sContactId: ANNA, eAbsentState: 2 } }],
      ['asnResetUserAbsentState', { u8sContactId: ANNA }],
      ['asnCustomNoteSet', { customnote }],
      ['asnRequestContactImage', { u8sContactID: ANNA, u8sKnownHash: 'ab' }],
      ['asnSetDynamicRights', { ...pair, iDynamicRights: 65536 }],
      ['asnRemoveDynamicRights', pair],
    ]);
    client.stop();
  });
});

describe('a presence', () => {
  const known: Presence = {
    u8sContactId: ANNA,
    iPresenceState: 1,
    asnCustomNote: { u8sContactID: ANNA, u8sNote: 'x' },
    seqPhoneLines: [],
  };

  it('keeps what did not change, and loses what is not told of a section that did', () => {
    const update: Presence = { u8sContactId: ANNA, iPresenceState: 2 };

    expect(merge(known, SECTION.presence, update)).toEqual({ ...known, iPresenceState: 2 });
    const { asnCustomNote: _, ...rest } = known;
    expect(merge(known, SECTION.presence | SECTION.note, update)).toEqual({
      ...rest,
      iPresenceState: 2,
    });
    expect(merge(known, 0, update)).toEqual(known);
  });

  it('knows which calls go on', () => {
    const call = (id: string, action: 0 | 1 | 2, state = 32) =>
      ({ iAction: action, u8sConnectionID: id, eCallState: state }) as never;
    const step = (before: Presence, ...calls: never[]) =>
      merge(before, SECTION.calls, { u8sContactId: ANNA, seqCalls: calls });

    const two = step(step(known, call('a', 0)), call('b', 0));
    expect(two.seqCalls).toEqual([call('a', 0), call('b', 0)]);
    expect(step(two, call('a', 1, 64)).seqCalls).toEqual([call('b', 0), call('a', 0, 64)]);
    expect(step(two, call('a', 2, 256)).seqCalls).toEqual([call('b', 0)]);
  });

  it('is shown as one of the states of the seed', () => {
    const cases: [number | undefined, string][] = [
      [0x20000001, 'inactive'],
      [0x30000001, 'inactive'],
      [1, 'available'],
      [0x04000002, 'busy'],
      [3, 'absent'],
      [4, 'do_not_disturb'],
      [0x08000003, 'offline'],
      [0, 'unknown'],
      [7, 'unknown'],
      [undefined, 'unknown'],
    ];
    for (const [state, expected] of cases) expect(shown(state), String(state)).toBe(expected);
  });
});

describe('a message', () => {
  it('that is not understood is passed over', () => {
    for (const text of ['', '{', '[]', 'null', '{"invoke":{}}', '{"x":1}']) {
      expect(read(text)).toEqual({ kind: 'other' });
    }
  });

  it('that refuses says what and why', () => {
    const failed = {
      invokedID: 7,
      error_value: 4,
      error: { iErrorDetail: 4, u8sErrorString: 'unknown contact' },
    };
    const rejected = { invokedID: { invokedID: 7 }, reject: { invokeProblem: 1 }, details: 'no' };

    expect(read(JSON.stringify({ error: failed }))).toEqual({
      kind: 'failure',
      id: 7,
      error: new RoseError(4, 'unknown contact'),
    });
    const message = read(JSON.stringify({ reject: rejected }));
    expect(message).toEqual({
      kind: 'failure',
      id: 7,
      error: new RoseReject('invokeProblem', 1, 'no'),
    });
    expect(message.kind === 'failure' && message.error).toMatchObject({
      group: 'invokeProblem',
      problem: 1,
    });
    expect(read('{"reject":{"invokedID":{"invokednull":null}}}')).toMatchObject({
      kind: 'failure',
      id: null,
    });
  });
});
