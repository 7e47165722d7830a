import { answer } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import { isTold } from './looks';

export type Presence = Schema<'Presence'>;
export type Availability = Schema<'Availability'>;
export type ClaimKind = Schema<'ClaimKind'>;
export type Rules = Required<Schema<'PresenceRules'>>;

/** How soon something new is seen while somebody looks, in milliseconds. */
const WHY_MS = 3000;
/** The same where a change of the state is told anyhow; what is behind the state may change alone. */
const TOLD_MS = 10_000;

export type Winner = Schema<'WinningRule'>;
export type Part = Schema<'PartOfClaim'>;
export type Lever = Schema<'PresenceLever'>;
export type ClaimName = Schema<'ClaimName'>;
export type Claim = Schema<'Claim'>;
export type ClaimPart = Schema<'ClaimPart'>;
export type Turn = Schema<'PresenceTurn'>;
export type Change = Schema<'PresenceChange'>;
export type Why = Schema<'PresenceWhy'>;

/** Every word of a type; one that is missing does not compile. */
function every<Word extends string>(words: Record<Word, true>): Word[] {
  return Object.keys(words) as Word[];
}

/** The rules that can win. */
export const WINNERS = every<Winner>({
  own_word: true,
  profile: true,
  best_device: true,
  fixed_profile: true,
  idle_telephone: true,
  nothing_known: true,
  platform: true,
  calendar: true,
  call: true,
  silence: true,
  service: true,
});

/** What a claim can do to the result. */
export const PARTS = every<Part>({
  decides: true,
  covered: true,
  overruled: true,
  marks: true,
  silent: true,
  ignored: true,
  expired: true,
});

/** What would change the result, in the order of the gateway. */
export const LEVERS = every<Lever>({
  manual_claim: true,
  manual_reset: true,
  device_claim: true,
  end_of_occupation: true,
  calendar_busy: true,
  call: true,
  source_speaks: true,
});

/** Why a contact shows what it shows, read again as long as somebody looks. */
export function whyQuery(tenant: string, contact: string) {
  return queryOptions({
    queryKey: ['why', tenant, contact],
    staleTime: WHY_MS,
    refetchInterval: () => (isTold(tenant, contact) ? TOLD_MS : WHY_MS),
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/contacts/{contact}/presence/why', {
          params: { path: { tenant, contact } },
          signal,
        }),
      ),
  });
}

/** The own word that a contact gave, and whatever marks it as out of office by hand. */
export function byHand({ claims }: Pick<Why, 'claims'>): {
  word: ClaimPart | null;
  mark: ClaimPart | null;
} {
  const own = claims.filter(({ claim, part }) => claim.kind === 'manual' && part !== 'expired');
  const isMark = ({ claim }: ClaimPart): boolean => claim.availability === 'unknown';
  return {
    word: own.find((one) => !isMark(one)) ?? null,
    mark: own.find((one) => isMark(one)) ?? null,
  };
}
