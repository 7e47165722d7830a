import { answer } from '@switchboard/client';
import { attend } from '@switchboard/portal/app/attendance';
import { api, send } from '@switchboard/portal/app/gateway';
import { COUNTS_S, decide, type Known, type Seen, type Word } from './decide';

/** What this page calls itself among those that say something of a contact. */
const SOURCE = 'operator';
/** How often it is looked what there is to say, in milliseconds. */
const LOOK_MS = 5_000;
const DEVICE_KEY = 'switchboard-operator-device';
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart', 'pointermove'] as const;

/** What this computer says now, for whoever looks. */
export interface Telling {
  isOn: boolean;
  word: Word | null;
  hasFailed: boolean;
}

/** Which contact of which tenant. */
interface Whose {
  tenant: string;
  contact: string;
}

/** Has this computer say of itself what is known of it, see `decide.ts`. */
export class Teller {
  readonly #path: Whose;
  readonly #device = deviceOf();
  readonly #listeners = new Set<() => void>();
  #known: Known;
  #version = 0;
  /** What is being said. */
  #saying: Promise<void> | null = null;
  #isLeft = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #telling: Telling;

  constructor(path: Whose, isOn: boolean) {
    this.#path = path;
    const now = Date.now();
    this.#known = { now, isOn, seen: null, inputAt: now, said: null, failedAt: null };
    this.#telling = { isOn, word: null, hasFailed: false };
  }

  /** Begins; what it gives ends it, and says that the device is gone. */
  start(): () => void {
    for (const sign of SIGNS)
      addEventListener(sign, this.#notice, { capture: true, passive: true });
    addEventListener('pagehide', this.#vanish);
    addEventListener('pageshow', this.#look);
    document.addEventListener('visibilitychange', this.#look);
    this.#timer = setInterval(this.#look, LOOK_MS);
    this.#look();
    return () => {
      for (const sign of SIGNS) removeEventListener(sign, this.#notice, { capture: true });
      removeEventListener('pagehide', this.#vanish);
      removeEventListener('pageshow', this.#look);
      document.removeEventListener('visibilitychange', this.#look);
      clearInterval(this.#timer);
      this.#vanish();
    };
  }

  readonly telling = (): Telling => this.#telling;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What the browser sees of the computer; null when it sees nothing. */
  see(seen: Seen | null): void {
    this.#known = { ...this.#known, seen };
    this.#look();
  }

  /** Whether anything is said at all. */
  turn(isOn: boolean): void {
    this.#known = { ...this.#known, isOn, failedAt: null };
    this.#look();
  }

  /** Ends what was said at once, for whoever signs out: nothing is said any more. */
  async leave(): Promise<void> {
    this.#isLeft = true;
    clearInterval(this.#timer);
    // What is on its way would count after it was ended.
    await this.#saying;
    if (this.#known.said) await this.#end();
  }

  readonly #notice = (): void => {
    const before = this.#known.inputAt;
    this.#known = { ...this.#known, inputAt: Date.now() };
    if (this.#known.inputAt - before > LOOK_MS) this.#look();
  };

  readonly #look = (): void => {
    if (this.#isLeft) return;
    const now = Date.now();
    const { said, seen } = this.#known;
    // What has expired is not said any more.
    const isOver = said !== null && now - said.at >= COUNTS_S * 1000;
    this.#known = { ...this.#known, now, said: isOver ? null : said };
    // Whoever uses the computer is there, in whatever program.
    if (seen?.user === 'active' && seen.screen === 'unlocked') attend();
    const step = decide(this.#known);
    if (step.do === 'say') this.#try(step.word, () => this.#say(step.word));
    if (step.do === 'end') this.#try(null, () => this.#end());
    this.#tell();
  };

  #try(word: Word | null, act: () => Promise<void>): void {
    this.#saying ??= this.#carry(word, act);
  }

  async #carry(word: Word | null, act: () => Promise<void>): Promise<void> {
    try {
      await act();
      const said = word && { word, at: Date.now() };
      this.#known = { ...this.#known, said, failedAt: null };
    } catch {
      this.#known = { ...this.#known, failedAt: Date.now() };
    }
    this.#saying = null;
    this.#tell();
  }

  async #say(state: Word): Promise<void> {
    const path = '/tenants/{tenant}/contacts/{contact}/claims/computer';
    const body = { origin: this.#origin(), state, ttl_seconds: COUNTS_S };
    await answer(api.PUT(path, { params: { path: this.#path }, body }));
  }

  /** Says that nobody is signed in here any more, for a moment: that ends the claim without a silence. */
  async #end(): Promise<void> {
    const said = { availability: 'offline', ttl_seconds: 1, is_repeated: false } as const;
    const body = { kind: 'computer', ...this.#origin(), ...said } as const;
    const path = '/tenants/{tenant}/contacts/{contact}/claims';
    await answer(api.PUT(path, { params: { path: this.#path }, body }));
  }

  /** The page goes: what was said counts a little longer, in case it only comes back. */
  readonly #vanish = (): void => {
    if (this.#isLeft || !this.#known.said) return;
    this.#known = { ...this.#known, said: null };
    const { tenant, contact } = this.#path;
    const path = [tenant, contact].map(encodeURIComponent);
    void send(`/tenants/${path[0]}/contacts/${path[1]}/claims/lost`, {
      method: 'POST',
      keepalive: true,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ kind: 'computer', source: SOURCE, device: this.#device }),
    }).catch(() => {});
  };

  #origin(): { source: string; device: string; version: number } {
    // Later than every one before, of this page or of one at the same device.
    this.#version = Math.max(this.#version + 1, Date.now());
    return { source: SOURCE, device: this.#device, version: this.#version };
  }

  #tell(): void {
    const { isOn, said, failedAt } = this.#known;
    const next = { isOn, word: said?.word ?? null, hasFailed: failedAt !== null };
    const { isOn: was, word, hasFailed } = this.#telling;
    if (was === next.isOn && word === next.word && hasFailed === next.hasFailed) return;
    this.#telling = next;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** What this tab is called; the same after it was loaded anew. */
function deviceOf(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  const made = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  try {
    const known = sessionStorage.getItem(DEVICE_KEY);
    if (known && /^[0-9a-f]{16}$/.test(known)) return known;
    sessionStorage.setItem(DEVICE_KEY, made);
  } catch {
    // A browser that keeps nothing has a new device each time.
  }
  return made;
}
