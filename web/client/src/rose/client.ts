import { Disconnected, EVENT, invoke, type RoseError, read } from './message';
import {
  type AbsentState,
  type CustomNote,
  DEFAULT_SECTIONS,
  merge,
  type Presence,
  type RemoteContact,
} from './presence';

/** How many contacts one request may name. */
const AT_ONCE = 200;
/** How long an answer is waited for. */
const PATIENCE_MS = 20_000;
/** After how much silence the gateway is asked whether it is there. */
const SILENCE_MS = 30_000;
/** The first pause before a new attempt; each further one is twice as long. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** A connection that lasted this long was a good one. */
const GOOD_MS = 10_000;
/** The code with which whoever may not use a client is sent away. */
const REFUSED = 4403;

/** What is needed of a WebSocket: the browser's, or one of Node. */
export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
}

export interface PresenceOptions {
  /** The gateway, such as `https://switchboard.example`. */
  url: string;
  tenant: string;
  /** An API token; without one the browser's session counts. */
  token?: string;
  /** Opens a WebSocket; the environment's own when absent. */
  open?: (url: string, protocols: string[]) => Socket;
  /** A number from 0 to below 1, for pauses that are not the same everywhere. */
  random?: () => number;
  /** After how much silence the gateway is asked whether it is there, in milliseconds; 30,000 when absent. */
  silenceMs?: number;
  /** How long an answer is waited for, in milliseconds; 20,000 when absent. */
  patienceMs?: number;
}

/** What a client is told, by the name of the event. */
export interface PresenceEvents {
  /** Something about a contact is different: what is known of it now, and which sections changed. */
  presence: { contact: string; presence: Presence; changed: number };
  /** A contact is not there any more, or may not be seen any more. */
  removed: { contact: string };
  /** One's own word changed, by whichever client. */
  absence: AbsentState;
  /** One's own notes changed, by whichever client. */
  note: CustomNote;
  /** Who asks to see one's own contact now. */
  challenge: RemoteContact[];
  /** The connection is there, or lost and sought again, or refused for good. */
  connection: { state: 'open' } | { state: 'lost' } | { state: 'refused'; reason: RoseError };
}

type Listener<K extends keyof PresenceEvents> = (told: PresenceEvents[K]) => void;
interface Pending {
  resolve: (result: never) => void;
  reject: (reason: Error) => void;
  timer: ReturnType<typeof setTimeout>;
}

/** A client of presence interface V2 that stays: it comes back after a loss, and looks at the same contacts. */
export class PresenceClient {
  readonly #options: PresenceOptions;
  readonly #listeners = new Map<keyof PresenceEvents, Set<Listener<never>>>();
  readonly #pending = new Map<number, Pending>();
  /** The contacts that are looked at, with their sections and what is known of them. */
  readonly #watched = new Map<string, { sections: number; known: Presence | null }>();
  #socket: Socket | null = null;
  #isOpen = false;
  #isStopped = true;
  #next = 1;
  #losses = 0;
  #openedAt = 0;
  #refusal: RoseError | null = null;
  #heardAt: number | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** Listens to what is told; the answer ends that. */
  on<K extends keyof PresenceEvents>(name: K, listener: Listener<K>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    listeners.add(listener as Listener<never>);
    this.#listeners.set(name, listeners);
    return () => listeners.delete(listener as Listener<never>);
  }

  /** Connects, and stays connected until `stop`. */
  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#losses = 0;
    this.#connect();
  }

  /** Leaves, and forgets which contacts were looked at. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    this.#watched.clear();
    this.#socket?.close(1000);
    this.#lose();
  }

  /** When the gateway was heard last, in milliseconds since 1970; null while there is no connection. */
  get heardAt(): number | null {
    return this.#heardAt;
  }

  /**
   * Looks at once whether the gateway is there, after a sleep for example: asks it, or connects without a pause. Ends when
   * it has answered, or cannot.
   */
  async wake(): Promise<void> {
    if (this.#isStopped) return;
    if (this.#isOpen) await this.invoke('asnKeepAlive', {}).catch(() => {});
    else if (!this.#socket) {
      clearTimeout(this.#retry);
      this.#connect();
    }
  }

  /** What is known of a contact that is looked at. */
  presence(contact: string): Presence | null {
    return this.#watched.get(contact)?.known ?? null;
  }

  /**
   * Looks at contacts from now on. Without a connection they are looked at as soon as there is one, and
   * told by events; the answer is what is known now.
   */
  async subscribe(contacts: string[], sections = DEFAULT_SECTIONS): Promise<Presence[]> {
    for (const contact of contacts) this.#watched.set(contact, { sections, known: null });
    if (!this.#isOpen) return [];
    await this.#look(contacts, sections);
    return contacts.flatMap((contact) => this.presence(contact) ?? []);
  }

  async unsubscribe(contacts: string[]): Promise<void> {
    for (const contact of contacts) this.#watched.delete(contact);
    if (!this.#isOpen) return;
    for (const some of chunks(contacts)) {
      await this.invoke('asnUnsubscribePresence', { seqContactIDs: some });
    }
  }

  async setAbsence(absence: AbsentState): Promise<void> {
    await this.invoke('asnSetUserAbsentState', { absentstate: absence });
  }

  async absence(contact: string): Promise<AbsentState> {
    const asked = { contactId: contact };
    const answer = await this.invoke<{ absentstate: AbsentState }>('asnGetUserAbsentState', asked);
    return answer.absentstate;
  }

  async resetAbsence(contact: string): Promise<void> {
    await this.invoke('asnResetUserAbsentState', { u8sContactId: contact });
  }

  /** Sets the note that is shown, and further ones; an empty one without others takes all away. */
  async setNote(contact: string, note: string, others: string[] = []): Promise<void> {
    const seqNotes = others.length > 0 ? { seqNotes: others } : {};
    const customnote: CustomNote = {
      u8sContactID: contact,
      u8sUsername: '',
      u8sNote: note,
      ...seqNotes,
    };
    await this.invoke('asnCustomNoteSet', { customnote });
  }

  /** The picture of a contact, in base64; null when it has none, or the one that is known. */
  async image(contact: string, knownHash = ''): Promise<{ data: string; hash: string } | null> {
    const answer = await this.invoke<{ sImageData?: string; u8sImageHash?: string }>(
      'asnRequestContactImage',
      { u8sContactID: contact, u8sKnownHash: knownHash },
    );
    const { sImageData: data, u8sImageHash: hash } = answer;
    return data && hash ? { data, hash } : null;
  }

  /** Lets a colleague see what `level` says of one's own contact. */
  async allow(own: string, colleague: string, level: number): Promise<void> {
    const pair = { u8sOwnerContactID: own, u8sRemoteContactID: colleague };
    await this.invoke('asnSetDynamicRights', { ...pair, iDynamicRights: level });
  }

  async disallow(own: string, colleague: string): Promise<void> {
    const pair = { u8sOwnerContactID: own, u8sRemoteContactID: colleague };
    await this.invoke('asnRemoveDynamicRights', pair);
  }

  /** Asks for any operation. Rejects with what refused it, or when the connection is lost meanwhile. */
  invoke<T = unknown>(operation: string, argument: unknown): Promise<T> {
    const socket = this.#socket;
    if (!socket || !this.#isOpen) return Promise.reject(new Disconnected('not connected'));
    const id = this.#next++;
    if (this.#next === EVENT) this.#next++;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new Disconnected('no answer'));
        // Who does not answer is not there.
        this.#drop(socket);
      }, this.#options.patienceMs ?? PATIENCE_MS);
      this.#pending.set(id, { resolve, reject, timer });
      socket.send(invoke(id, operation, argument));
    });
  }

  #connect(): void {
    const { url, tenant, token } = this.#options;
    const address = `${url.replace(/^http/, 'ws').replace(/\/$/, '')}/api/v2/tenants/${tenant}/presence`;
    const protocols = ['rose.json', ...(token ? [`bearer.${token}`] : [])];
    const open =
      this.#options.open ?? ((at, names) => new WebSocket(at, names) as unknown as Socket);
    const socket = open(address, protocols);
    this.#socket = socket;
    this.#refusal = null;
    socket.onopen = () => this.#socket === socket && this.#opened();
    socket.onmessage = ({ data }) => this.#socket === socket && this.#heard(String(data));
    socket.onerror = () => {};
    socket.onclose = ({ code }) => this.#socket === socket && this.#closed(code);
  }

  #opened(): void {
    this.#isOpen = true;
    this.#openedAt = Date.now();
    this.#heardAt = Date.now();
    this.#tell('connection', { state: 'open' });
    this.#listenForSilence();
    const bySections = new Map<number, string[]>();
    for (const [contact, { sections }] of this.#watched) {
      bySections.set(sections, [...(bySections.get(sections) ?? []), contact]);
    }
    for (const [sections, contacts] of bySections) {
      // A loss is told by itself, and seeks the contacts again.
      this.#look(contacts, sections).catch(() => {});
    }
  }

  async #look(contacts: string[], sections: number): Promise<void> {
    for (const some of chunks(contacts)) {
      const asked = { seqContactIDs: some, iEventFlagsToSubscribe: sections };
      const answer = await this.invoke<{ seqSubscribedPresence: Presence[] }>(
        'asnGetAndSubscribePresenceV2',
        asked,
      );
      for (const presence of answer.seqSubscribedPresence) {
        const watched = this.#watched.get(presence.u8sContactId);
        if (!watched) continue;
        watched.known = presence;
        this.#tell('presence', { contact: presence.u8sContactId, presence, changed: sections });
      }
    }
  }

  #heard(text: string): void {
    this.#heardAt = Date.now();
    this.#listenForSilence();
    const message = read(text);
    if (message.kind === 'event') this.#event(message.operation, message.argument);
    if (message.kind === 'event' || message.kind === 'other') return;
    if (message.kind === 'failure' && message.id === EVENT) {
      this.#refusal = message.error as RoseError;
      return;
    }
    const pending = message.id === null ? undefined : this.#pending.get(message.id);
    if (!pending || message.id === null) return;
    this.#pending.delete(message.id);
    clearTimeout(pending.timer);
    if (message.kind === 'result') pending.resolve(message.result as never);
    else pending.reject(message.error);
  }

  #event(operation: string, argument: unknown): void {
    switch (operation) {
      case 'asnUpdatePresenceV2':
        this.#update(argument as { presence: Presence; iChangedFlags: number });
        break;
      case 'asnRemovePresence': {
        const { u8sContactID: contact } = argument as { u8sContactID: string };
        const watched = this.#watched.get(contact);
        if (watched) watched.known = { u8sContactId: contact };
        this.#tell('removed', { contact });
        break;
      }
      case 'asnUpdateMyAbsentStateV2':
        this.#tell('absence', (argument as { absentstate: AbsentState }).absentstate);
        break;
      case 'asnUpdateMyCustomNote':
        this.#tell('note', (argument as { customnote: CustomNote }).customnote);
        break;
      case 'asnMyPresenceRightsChallenge':
        this.#tell(
          'challenge',
          (argument as { contactsChallenging: RemoteContact[] }).contactsChallenging,
        );
    }
  }

  #update({
    presence: update,
    iChangedFlags: changed,
  }: {
    presence: Presence;
    iChangedFlags: number;
  }): void {
    const contact = update.u8sContactId;
    const watched = this.#watched.get(contact);
    if (!watched) return;
    watched.known = merge(watched.known ?? { u8sContactId: contact }, changed, update);
    this.#tell('presence', { contact, presence: watched.known, changed });
  }

  /** Ends a connection that does not answer, and does not wait for its own end. */
  #drop(socket: Socket): void {
    if (this.#socket !== socket) return;
    socket.close(4000);
    this.#closed(1006);
  }

  #closed(code: number): void {
    const refusal = this.#refusal;
    // Whoever could stay for a while begins with short pauses again.
    if (this.#isOpen && Date.now() - this.#openedAt >= GOOD_MS) this.#losses = 0;
    this.#lose();
    if (this.#isStopped) return;
    if (code === REFUSED && refusal) {
      this.#isStopped = true;
      this.#tell('connection', { state: 'refused', reason: refusal });
      return;
    }
    this.#tell('connection', { state: 'lost' });
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#losses++);
    const random = this.#options.random ?? Math.random;
    this.#retry = setTimeout(() => this.#connect(), longest * (0.5 + random() / 2));
  }

  /** Forgets the connection: whatever was asked is not answered any more. */
  #lose(): void {
    this.#socket = null;
    this.#isOpen = false;
    this.#heardAt = null;
    clearTimeout(this.#silence);
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject, timer } of pending) {
      clearTimeout(timer);
      reject(new Disconnected('the connection was lost'));
    }
  }

  #listenForSilence(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.invoke('asnKeepAlive', {}).catch(() => {});
    }, this.#options.silenceMs ?? SILENCE_MS);
  }

  #tell<K extends keyof PresenceEvents>(name: K, told: PresenceEvents[K]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) (listener as Listener<K>)(told);
  }
}

function chunks<T>(items: T[]): T[][] {
  const count = Math.ceil(items.length / AT_ONCE);
  return Array.from({ length: count }, (_, at) => items.slice(at * AT_ONCE, (at + 1) * AT_ONCE));
}
