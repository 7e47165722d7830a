import { answer } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';

export type Presence = Schema<'Presence'>;
export type Availability = Schema<'Availability'>;
export type ClaimKind = Schema<'ClaimKind'>;
export type Rules = Required<Schema<'PresenceRules'>>;

/** How soon something new is seen while somebody looks, in milliseconds. */
const WHY_MS = 3000;

/** The rules that can win, as `gateway/presence/src/merge.rs` has them. */
export const WINNERS = [
  'own_word',
  'profile',
  'best_device',
  'fixed_profile',
  'idle_telephone',
  'nothing_known',
  'platform',
  'calendar',
  'call',
  'silence',
  'service',
] as const;

/** What a claim can do to the result, as `gateway/presence/src/why.rs` has it. */
export const PARTS = [
  'decides',
  'covered',
  'overruled',
  'marks',
  'silent',
  'ignored',
  'expired',
] as const;

/** What would change the result, in the order of the gateway. */
export const LEVERS = [
  'manual_claim',
  'manual_reset',
  'device_claim',
  'end_of_occupation',
  'calendar_busy',
  'call',
  'source_speaks',
] as const;

export type Winner = (typeof WINNERS)[number];
export type Part = (typeof PARTS)[number];
export type Lever = (typeof LEVERS)[number];

/** Which claim of a contact it is. */
export interface ClaimName {
  kind: ClaimKind;
  source: string;
  device: string;
}

/** What one source and device says. */
export interface Claim extends ClaimName {
  availability: Availability;
  activity: Schema<'Activity'> | null;
  is_out_of_office: boolean;
  is_tentative: boolean;
  custom: string | null;
  since: string;
  heard_at: string;
  expires_at: string | null;
}

/** A claim with what it did to the result. */
export interface ClaimPart {
  claim: Claim;
  age_seconds: number;
  heard_seconds_ago: number;
  /** When it ends by the tenant's rules; null when it does not. */
  expires_in_seconds: number | null;
  part: Part;
}

/** What the contact will show from a moment on, if nobody says anything new. */
export interface Turn {
  at: string;
  availability: Availability;
  decided_by: ClaimKind | null;
}

/** What would change the result now: a claim that is made, or one that ends. */
export interface Change {
  lever: Lever;
  claim: Claim | null;
  ends: ClaimName | null;
  then: Availability;
}

/** Why a contact shows what it shows. The API's document has no shape for it. */
export interface Why {
  at: string;
  presence: Presence;
  rule: Winner;
  rules: Rules;
  /** Whether the contact is marked as hybrid, without which the cloud is not asked about it. */
  is_hybrid: boolean;
  claims: ClaimPart[];
  turns: Turn[];
  would_change: Lever[];
  changes: Change[];
}

/** Why a contact shows what it shows, read again as long as somebody looks. */
export function whyQuery(tenant: string, contact: string) {
  return queryOptions({
    queryKey: ['why', tenant, contact],
    staleTime: WHY_MS,
    refetchInterval: WHY_MS,
    queryFn: async ({ signal }) =>
      (await answer(
        api.GET('/tenants/{tenant}/contacts/{contact}/presence/why', {
          params: { path: { tenant, contact } },
          signal,
        }),
      )) as Why,
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
