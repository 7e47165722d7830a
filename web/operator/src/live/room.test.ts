import type { Socket } from '@switchboard/client/rose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OVER, Room } from './room';

const OWN = 'own';

/** A gateway of one test, which answers at once unless it is told to be silent. */
class Gateway {
  readonly sockets: FakeSocket[] = [];
  isSilent = false;
  readonly open = (): Socket => {
    const socket = new FakeSocket(this);
    this.sockets.push(socket);
    return socket;
  };

  get last(): FakeSocket {
    return this.sockets.at(-1) as FakeSocket;
  }
}

class FakeSocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  readonly asked: string[][] = [];
  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  send(text: string): void {
    const { invokeID, operationName, argument } = JSON.parse(text).invoke;
    if (this.#gateway.isSilent) return;
    const names: string[] = argument.seqContactIDs ?? [];
    if (operationName === 'asnGetAndSubscribePresenceV2') this.asked.push(names);
    const shown = names.map((id) => ({
      u8sContactId: id,
      iPresenceState: 1,
      asnRemoteContact: {},
    }));
    const result = { resultValue: 0, result: { seqSubscribedPresence: shown } };
    this.onmessage?.({ data: JSON.stringify({ result: { invokeID, result } }) });
  }

  close(): void {}

  refuse(detail: number): void {
    const error = { iErrorDetail: detail, u8sErrorString: '' };
    const data = JSON.stringify({ error: { invokedID: 99_999, error_value: 0, error } });
    this.onmessage?.({ data });
    this.onclose?.({ code: 4403, reason: '' });
  }
}

let isOver = false;

function enter(gateway: Gateway): Room {
  const room = new Room({
    url: 'https://gateway.example',
    tenant: 't',
    own: OWN,
    open: gateway.open,
    random: () => 0,
    isOver: async () => isOver,
  });
  room.enter();
  gateway.last.onopen?.(undefined as never);
  return room;
}

describe('the room', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    isOver = false;
  });
  afterEach(() => void vi.useRealTimers());

  it('believes what it is told, and nothing after half a minute of silence', async () => {
    const gateway = new Gateway();
    const room = enter(gateway);
    await vi.advanceTimersByTimeAsync(0);
    expect(room.state()).toMatchObject({ isKnown: true, isTrusted: true });
    expect(room.person(OWN)?.iPresenceState).toBe(1);
    // Silence that is none: the gateway answers when it is asked.
    await vi.advanceTimersByTimeAsync(120_000);
    expect(room.state().isTrusted).toBe(true);

    gateway.isSilent = true;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(room.state().isTrusted).toBe(false);
    expect(gateway.sockets.length).toBeGreaterThan(1);
    gateway.isSilent = false;
    gateway.last.onopen?.(undefined as never);
    await vi.advanceTimersByTimeAsync(0);
    expect(room.state().isTrusted).toBe(true);
  });

  it('bears a short loss, and believes nothing after a longer one', async () => {
    const gateway = new Gateway();
    const room = enter(gateway);
    await vi.advanceTimersByTimeAsync(1_000);
    gateway.last.onclose?.({ code: 1006, reason: '' });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(room.state().isTrusted).toBe(true);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(room.state().isTrusted).toBe(false);
  });

  it('believes nothing after a sleep, and asks at once', async () => {
    const gateway = new Gateway();
    const room = enter(gateway);
    await vi.advanceTimersByTimeAsync(1_000);
    gateway.isSilent = true;
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(room.state().isTrusted).toBe(false);
  });

  it('believes the answer of now in a page whose timers are slow', async () => {
    const gateway = new Gateway();
    const room = enter(gateway);
    await vi.advanceTimersByTimeAsync(1_000);
    const { last } = gateway;
    const send = last.send.bind(last);
    last.send = (text) => void setTimeout(() => send(text), 20);
    vi.setSystemTime(Date.now() + 60_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(room.state().isTrusted).toBe(false);
    await vi.advanceTimersByTimeAsync(20);
    expect(room.state().isTrusted).toBe(true);
  });

  it('looks at whom it is told to, beside oneself, and no others', async () => {
    const gateway = new Gateway();
    const room = enter(gateway);
    room.look(['a', 'b', OWN]);
    room.look(['b', 'c']);
    await vi.advanceTimersByTimeAsync(0);
    expect(gateway.last.asked).toEqual([[OWN], ['a', 'b'], ['c']]);
    expect(room.person('a')).toBeNull();
    expect(room.person('c')).not.toBeNull();
  });

  it('says why nobody is let in, and that a session is over', async () => {
    const gateway = new Gateway();
    const room = enter(gateway);
    gateway.last.refuse(103);
    expect(room.state()).toMatchObject({ refused: 103, isOver: false, isTrusted: false });

    const other = new Gateway();
    const over = enter(other);
    isOver = true;
    other.last.onclose?.({ code: 1006, reason: '' });
    await vi.advanceTimersByTimeAsync(0);
    expect(over.state()).toMatchObject({ refused: OVER, isOver: true });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(other.sockets).toHaveLength(1);
  });
});
