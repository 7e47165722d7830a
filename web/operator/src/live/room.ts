import { type Presence, PresenceClient, type PresenceOptions } from '@switchboard/client/rose';
import { isTrusted } from './trust';

/** After how much silence the gateway is asked whether it is there, in milliseconds. */
const SILENCE_MS = 12_000;
/** How long it may take to answer, in milliseconds. */
const PATIENCE_MS = 8_000;
/** How often it is looked whether what was told is still believed, in milliseconds. */
const LOOK_MS = 1_000;
/** A clock that goes on by more than this between two looks was asleep, in milliseconds. */
const SLEPT_MS = 10_000;

/** How the room is. */
export interface RoomState {
  /** Something was told since it was opened, so that there is something to show. */
  isKnown: boolean;
  /** What was told is still believed. */
  isTrusted: boolean;
  /** Why nobody is let in, by the numbers of `docs/presence-v2.md`. */
  refused: number | null;
  /** The session has ended. */
  isOver: boolean;
  /** No connection was made yet, though it was tried. */
  isBarred: boolean;
}

/** The number of a session that has ended. */
export const OVER = 101;

export interface RoomOptions extends Pick<PresenceOptions, 'url' | 'tenant' | 'open' | 'random'> {
  /** The contact of the one who works. */
  own: string;
  /** Asks whether the session has ended; asked when the connection was lost. */
  isOver: () => Promise<boolean>;
}

type Listener = () => void;

/** Everybody who is looked at, as they are now. */
export class Room {
  readonly own: string;
  readonly #client: PresenceClient;
  readonly #isOver: () => Promise<boolean>;
  readonly #listeners = new Set<Listener>();
  readonly #byPerson = new Map<string, Set<Listener>>();
  #looked = new Set<string>();
  #state: RoomState = {
    isKnown: false,
    isTrusted: false,
    refused: null,
    isOver: false,
    isBarred: false,
  };
  #heardAt: number | null = null;
  #lostAt: number | null = null;
  #lookedAt = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor({ own, isOver, ...options }: RoomOptions) {
    this.own = own;
    this.#isOver = isOver;
    this.#client = new PresenceClient({
      ...options,
      silenceMs: SILENCE_MS,
      patienceMs: PATIENCE_MS,
    });
    this.#client.on('connection', (told) => {
      if (told.state === 'lost') this.#lost();
      if (told.state === 'refused') this.#refuse(told.reason.detail);
    });
    this.#client.on('presence', ({ contact }) => {
      this.#lostAt = null;
      this.#change({ isKnown: true, isBarred: false });
      this.#tell(contact);
    });
    this.#client.on('removed', ({ contact }) => this.#tell(contact));
  }

  /** Goes in; what it gives leaves again. */
  enter(): () => void {
    this.#lookedAt = Date.now();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    addEventListener('online', this.#wake);
    document.addEventListener('visibilitychange', this.#wake);
    this.#client.start();
    void this.#client.subscribe([this.own]).catch(() => {});
    void this.#client.subscribe([...this.#looked]).catch(() => {});
    return () => {
      clearInterval(this.#timer);
      removeEventListener('online', this.#wake);
      document.removeEventListener('visibilitychange', this.#wake);
      this.#client.stop();
    };
  }

  /** Looks at these colleagues from now on, and at nobody else. */
  look(ids: readonly string[]): void {
    const wanted = new Set(ids.filter((id) => id !== this.own));
    const gone = [...this.#looked].filter((id) => !wanted.has(id));
    const come = [...wanted].filter((id) => !this.#looked.has(id));
    this.#looked = wanted;
    // What fails is lost with its connection, and the next one looks at everybody.
    if (gone.length > 0) void this.#client.unsubscribe(gone).catch(() => {});
    if (come.length > 0) void this.#client.subscribe(come).catch(() => {});
  }

  /** What is known of somebody; null before anything was told. */
  readonly person = (id: string): Presence | null => this.#client.presence(id);

  readonly state = (): RoomState => this.#state;

  /** The picture with this hash, in base64; null when there is none. */
  async image(id: string): Promise<string | null> {
    return (await this.#client.image(id))?.data ?? null;
  }

  /** Takes back what the one who works said by hand, and that they are out of office. */
  takeBack(): Promise<void> {
    return this.#client.resetAbsence(this.own);
  }

  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  subscribeTo(id: string, listener: Listener): () => void {
    const listeners = this.#byPerson.get(id) ?? new Set();
    this.#byPerson.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#byPerson.delete(id);
    };
  }

  /** A sleep ends without a word, and a network comes without one. */
  readonly #wake = (): void => {
    if (document.visibilityState === 'visible') this.#rouse();
    this.#look();
  };

  #look(): void {
    const now = Date.now();
    const hasSlept = now - this.#lookedAt > SLEPT_MS;
    this.#lookedAt = now;
    if (hasSlept) this.#rouse();
    this.#heardAt = this.#client.heardAt ?? this.#heardAt;
    this.#change({ isTrusted: isTrusted({ heardAt: this.#heardAt, lostAt: this.#lostAt }, now) });
  }

  /** A page in the background looks so seldom that only an answer of now tells that all is well. */
  #rouse(): void {
    void this.#client.wake().then(() => this.#look());
  }

  #lost(): void {
    this.#lostAt ??= Date.now();
    if (!this.#state.isKnown) this.#change({ isBarred: true });
    this.#look();
    // A session that ended is refused before the connection is there, which browsers hide.
    void this.#isOver().then(
      (isOver) => isOver && this.#refuse(OVER),
      () => {},
    );
  }

  #refuse(detail: number): void {
    this.#client.stop();
    this.#change({ refused: detail, isOver: detail === OVER, isTrusted: false });
  }

  #change(change: Partial<RoomState>): void {
    const next = { ...this.#state, ...change };
    const names = Object.keys(next) as (keyof RoomState)[];
    if (names.every((name) => next[name] === this.#state[name])) return;
    this.#state = next;
    for (const listener of [...this.#listeners]) listener();
  }

  #tell(id: string): void {
    if (this.#state.isKnown) this.#look();
    for (const listener of [...(this.#byPerson.get(id) ?? [])]) listener();
  }
}
