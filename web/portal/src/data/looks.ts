import { eventsOf, type ServerEvent } from '@switchboard/client';
import { notifyManager, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Schema, send } from '../app/gateway';
import { untilSilent } from '../app/untilSilent';

/** About how many contacts one stream may be. */
const MOST = 200;
/** What comes into sight within this time is asked for together, in milliseconds. */
const GATHER_MS = 200;
/** How soon a stream that ended is asked for again, and how late at most. */
const AGAIN_MS = 3000;
const LATEST_MS = 60_000;
/** How long a stream may say nothing, not even that it lives, which it does every 15 seconds. */
const SILENCE_MS = 40_000;

type Colleague = Schema<'ColleagueView'>;

/** What a stream of presence is made of, and what becomes of what it tells. */
export interface Around {
  /** Opens a stream about these contacts. */
  open(contacts: readonly string[], signal: AbortSignal): Promise<AsyncGenerator<ServerEvent>>;
  told(contacts: readonly Colleague[]): void;
  /** Are not told of any more, and have to be looked at again, unless they are gone from there. */
  left(contacts: readonly string[], isGone?: boolean): void;
  isVisible(): boolean;
}

/**
 * The contacts of a tenant that somebody looks at: one stream for all of them, opened anew when others
 * come into sight, and none while nobody sees the page.
 */
export class Looks {
  readonly #around: Around;
  readonly #wanted = new Map<string, number>();
  readonly #told = new Set<string>();
  #followed: ReadonlySet<string> = new Set();
  #stream: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  /** Until when a gateway that refused is left alone, whatever comes into sight meanwhile. */
  #notBefore = 0;

  constructor(around: Around) {
    this.#around = around;
  }

  /** Whether changes of the contact are told, so that nobody needs to ask. */
  isTold(contact: string): boolean {
    return this.#told.has(contact);
  }

  /** Looks at a contact until what is returned is called. */
  follow(contact: string): () => void {
    this.#wanted.set(contact, (this.#wanted.get(contact) ?? 0) + 1);
    this.review();
    return () => {
      const left = (this.#wanted.get(contact) ?? 1) - 1;
      if (left > 0) this.#wanted.set(contact, left);
      else this.#wanted.delete(contact);
      this.review();
    };
  }

  /** Looks soon whether the stream is still the right one. */
  review(ms = GATHER_MS): void {
    clearTimeout(this.#timer);
    const wait = Math.max(ms, this.#notBefore - performance.now());
    this.#timer = setTimeout(() => this.#settle(), wait);
  }

  #settle(): void {
    if (this.#wanted.size === 0 || !this.#around.isVisible()) {
      this.#stream?.abort();
      return;
    }
    // Who has gone out of sight stays until others come: scrolling back is common.
    const isCovered = [...this.#wanted.keys()].slice(-MOST).every((one) => this.#followed.has(one));
    if (this.#stream && isCovered) return;
    this.#stream?.abort();
    void this.#run([...this.#wanted.keys()].slice(-MOST));
  }

  async #run(contacts: readonly string[]): Promise<void> {
    const stream = new AbortController();
    this.#stream = stream;
    this.#followed = new Set(contacts);
    try {
      const events = await this.#around.open(contacts, stream.signal);
      for await (const event of untilSilent(events, SILENCE_MS, () => stream.abort())) {
        this.#take(event, contacts);
      }
    } catch {
      // Without a stream contacts are looked at again and again, as they were before.
    }
    // Another one has taken over, which tells of the same contacts.
    if (this.#stream !== stream) return;
    this.#stream = null;
    this.#followed = new Set();
    const told = [...this.#told];
    this.#told.clear();
    if (told.length > 0) this.#around.left(told);
    if (this.#wanted.size > 0 && this.#around.isVisible()) {
      const wait = Math.min(LATEST_MS, AGAIN_MS * 2 ** this.#failures);
      this.#notBefore = performance.now() + wait;
      this.#failures += 1;
      this.review(wait);
    }
  }

  #take({ name, data }: ServerEvent, asked: readonly string[]): void {
    if (name === 'snapshot') {
      this.#failures = 0;
      const { contacts }: Schema<'ColleaguesSnapshot'> = JSON.parse(data);
      const known = new Set(contacts.map(({ id }) => id));
      const [gone, beyond] = parted([...this.#told], known, new Set(asked));
      this.#leave(gone, true);
      this.#leave(beyond);
      this.#tell(contacts);
    }
    if (name === 'delta') {
      const { changed, removed }: Schema<'ColleaguesDelta'> = JSON.parse(data);
      this.#tell(changed);
      this.#leave(removed, true);
    }
  }

  #tell(contacts: readonly Colleague[]): void {
    for (const { id } of contacts) this.#told.add(id);
    if (contacts.length > 0) this.#around.told(contacts);
  }

  #leave(contacts: readonly string[], isGone = false): void {
    const left = contacts.filter((one) => this.#told.delete(one));
    if (left.length > 0) this.#around.left(left, isGone);
  }
}

/**
 * Of those who were told until now and are not `known` to a new stream: who was asked for, and so is
 * gone, and who was not, because a stream is about so many only.
 */
function parted(
  told: readonly string[],
  known: ReadonlySet<string>,
  asked: ReadonlySet<string>,
): [gone: string[], beyond: string[]] {
  const missing = told.filter((one) => !known.has(one));
  return [missing.filter((one) => asked.has(one)), missing.filter((one) => !asked.has(one))];
}

/** Keeps what is told of a tenant's contacts where the pages read it. */
export function keeper(client: QueryClient, tenant: string): Pick<Around, 'told' | 'left'> {
  return {
    told: (contacts) =>
      notifyManager.batch(() => {
        for (const contact of contacts) {
          client.setQueryData(['presence', tenant, contact.id], contact);
          const queryKey = ['why', tenant, contact.id];
          // To invalidate looks through everything that is kept; hardly any contact was asked why.
          if (client.getQueryState(queryKey)) void client.invalidateQueries({ queryKey });
        }
      }),
    left(contacts, isGone = false) {
      const ids = new Set<unknown>(contacts);
      void client.invalidateQueries({
        queryKey: ['presence', tenant],
        predicate: ({ queryKey }) => ids.has(queryKey[2]),
        // Whoever was removed is still in a list until that is asked for again: nothing is known of them any more.
        refetchType: isGone ? 'none' : 'active',
      });
    },
  };
}

const all = new Map<string, { client: QueryClient; looks: Looks }>();

function looksAt(client: QueryClient, tenant: string): Looks {
  const kept = all.get(tenant);
  if (kept?.client === client) return kept.looks;
  const looks = new Looks({
    open: async (contacts, signal) =>
      eventsOf(
        await send(`/tenants/${tenant}/presence/stream?contacts=${contacts.join(',')}`, { signal }),
      ),
    ...keeper(client, tenant),
    isVisible: () => document.visibilityState === 'visible',
  });
  document.addEventListener('visibilitychange', () => looks.review());
  all.set(tenant, { client, looks });
  return looks;
}

/** Whether changes of the contact's presence are told as they happen. */
export function isTold(tenant: string, contact: string): boolean {
  return all.get(tenant)?.looks.isTold(contact) ?? false;
}

/** Has the contact's presence told as it changes, as long as it `isSeen`. */
export function useTold(tenant: string, contact: string, isSeen = true): void {
  const client = useQueryClient();
  useEffect(
    () => (isSeen ? looksAt(client, tenant).follow(contact) : undefined),
    [client, tenant, contact, isSeen],
  );
}
