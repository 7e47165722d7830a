/** The shortest time between two announcements. */
export const GAP_MS = 10_000;

/** Gathers what is worth saying, so that a screen reader is not flooded. */
export class Announcer {
  readonly #say: (text: string) => void;
  readonly #summary: (count: number) => string;
  readonly #waiting = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `summary` is said instead of more than three changes. */
  constructor(say: (text: string) => void, summary: (count: number) => string) {
    this.#say = say;
    this.#summary = summary;
  }

  /** Says this soon; a later text of the same key replaces an earlier one. */
  note(key: string, text: string): void {
    this.#waiting.set(key, text);
    if (!this.#timer) this.#timer = setTimeout(this.#speak, 500);
  }

  /** Forgets what has not been said. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.clear();
  }

  readonly #speak = (): void => {
    this.#timer = undefined;
    const { size } = this.#waiting;
    if (!size) return;
    this.#say(size > 3 ? this.#summary(size) : [...this.#waiting.values()].join(' '));
    this.#waiting.clear();
    this.#timer = setTimeout(this.#speak, GAP_MS);
  };
}
