import { answer, ifMatch, readAll } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';

export type Note = Schema<'NoteView'>;
export type SourceNote = Schema<'SourceNoteView'>;
export type NoteFields = Schema<'NoteFields'>;
export type ManualFields = Schema<'ManualFields'>;
export type PresenceRules = Schema<'PresenceRulesView'>;
export type RuleFields = Required<Schema<'PresenceRules'>>;

/** How many notes a contact may have. */
export const MAX_NOTES = 20;
/** How old a list of notes that is looked at may be, in milliseconds. */
const NOTES_MS = 20_000;

const MANUAL = '/tenants/{tenant}/contacts/{contact}/presence/manual';
const OUT_OF_OFFICE = '/tenants/{tenant}/contacts/{contact}/presence/out_of_office';
const NOTES = '/tenants/{tenant}/contacts/{contact}/notes';
const NOTE = '/tenants/{tenant}/contacts/{contact}/notes/{note}';

/** Which contact of which tenant. */
export interface Whose {
  tenant: string;
  contact: string;
}

/** Sets a contact's presence by hand. */
export async function setManual(path: Whose, body: ManualFields): Promise<void> {
  await answer(api.PUT(MANUAL, { params: { path }, body }));
}

/** Takes the own word back. */
export async function removeManual(path: Whose): Promise<void> {
  await answer(api.DELETE(MANUAL, { params: { path } }));
}

/** Marks a contact as out of office. */
export async function setOutOfOffice(path: Whose, expires_at: string | null): Promise<void> {
  await answer(api.PUT(OUT_OF_OFFICE, { params: { path }, body: { expires_at } }));
}

/** Takes the mark back. */
export async function removeOutOfOffice(path: Whose): Promise<void> {
  await answer(api.DELETE(OUT_OF_OFFICE, { params: { path } }));
}

/** The notes of a contact, oldest first, and those of sources. */
export function notesQuery({ tenant, contact }: Whose) {
  return queryOptions({
    queryKey: ['notes', tenant, contact],
    refetchInterval: NOTES_MS,
    queryFn: async ({ signal }) =>
      answer(api.GET(NOTES, { params: { path: { tenant, contact } }, signal })),
  });
}

export function addNote(path: Whose, body: NoteFields): Promise<Note> {
  return answer(api.POST(NOTES, { params: { path }, body }));
}

export function updateNote(path: Whose, note: string, body: NoteFields): Promise<Note> {
  return answer(api.PUT(NOTE, { params: { path: { ...path, note } }, body }));
}

export async function removeNote(path: Whose, note: string): Promise<void> {
  await answer(api.DELETE(NOTE, { params: { path: { ...path, note } } }));
}

/** By which rules the claims of a tenant become presence. */
export function rulesQuery(tenant: string) {
  return queryOptions({
    queryKey: ['presence_rules', tenant],
    queryFn: ({ signal }) =>
      answer(api.GET('/tenants/{tenant}/presence_rules', { params: { path: { tenant } }, signal })),
  });
}

/** Sets the rules as a whole, as long as they are still of `revision`. */
export function setRules(
  tenant: string,
  revision: number,
  body: RuleFields,
): Promise<PresenceRules> {
  return answer(
    api.PUT('/tenants/{tenant}/presence_rules', {
      params: { path: { tenant }, header: ifMatch(revision) },
      body,
    }),
  );
}

/** The rules of who set none, as `directory/model/src/presence/rules.rs` has them. */
export const DEFAULT_RULES: RuleFields = {
  ignored_kinds: [],
  precedence: ['platform', 'calendar', 'call'],
  is_tentative_busy: false,
  calls: 'as_said',
  manual_yields_to: ['calendar', 'call'],
  manual_resets: [],
  manual_hours: null,
  grace_seconds: 60,
  silence_minutes: 120,
  low_lync_numbers: 'unknown',
};

/** The rules as they are now. */
export function fieldsOfRules(kept: PresenceRules): RuleFields {
  const names = Object.keys(DEFAULT_RULES) as (keyof RuleFields)[];
  const set = names.map((name) => [name, kept[name] ?? DEFAULT_RULES[name]]);
  return Object.fromEntries(set) as RuleFields;
}

export type NamedState = Schema<'CustomStateView'>;

/** Every named state of a tenant, for a choice. */
export function namedStatesToChooseQuery(tenant: string) {
  return queryOptions({
    queryKey: ['custom_states', tenant, 'choice'],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/custom_states', {
            params: { path: { tenant }, query: { limit: 500, ...(after ? { after } : {}) } },
            signal,
          }),
        ),
      ),
  });
}
