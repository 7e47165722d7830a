import { answer, ifMatch, MERGE_PATCH, mergePatch, pageQuery } from '@switchboard/client';
import { api, type Schema } from '../app/gateway';
import type { Change } from '../parts/form';
import type { ListSource } from '../parts/list';
import type { NamedState } from './presence';

export type NamedStateFields = Required<Schema<'CustomStateFields'>>;

/** How many named states a tenant may have. */
export const MAX_NAMED_STATES = 100;

const STATE = '/tenants/{tenant}/custom_states/{custom_state}';

/** The named states of a tenant, by name. */
export function namedStatesSource(tenant: string): ListSource<NamedState> {
  return {
    key: ['custom_states', tenant],
    read: ({ after, q, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/custom_states', {
          params: { path: { tenant }, query: pageQuery(MAX_NAMED_STATES, after, q) },
          signal,
        }),
      ),
  };
}

/** One of them, as it is now. */
export function readNamedState(tenant: string, custom_state: string): Promise<NamedState> {
  return answer(api.GET(STATE, { params: { path: { tenant, custom_state } } }));
}

export function createNamedState(tenant: string, body: NamedStateFields): Promise<NamedState> {
  const params = { path: { tenant } };
  return answer(api.POST('/tenants/{tenant}/custom_states', { params, body }));
}

/** Changes what differs, as long as it is still of the revision. */
export function updateNamedState(
  tenant: string,
  custom_state: string,
  { revision, base, fields }: Change<NamedStateFields>,
): Promise<NamedState> {
  // A patch keeps the languages that it does not name: those that are gone are said to be.
  const gone = Object.keys(base.labels).filter((language) => !(language in fields.labels));
  const labels = {
    ...Object.fromEntries(gone.map((language) => [language, null])),
    ...fields.labels,
  };
  const body = mergePatch(base, fields);
  return answer(
    api.PATCH(STATE, {
      params: { path: { tenant, custom_state }, header: ifMatch(revision) },
      headers: MERGE_PATCH,
      body: 'labels' in body ? { ...body, labels: labels as Record<string, string> } : body,
    }),
  );
}

/** Removes a named state, as it was when somebody looked at it. */
export async function removeNamedState(tenant: string, state: NamedState): Promise<void> {
  await answer(
    api.DELETE(STATE, {
      params: { path: { tenant, custom_state: state.id } },
      headers: { ...ifMatch(state.revision) },
    }),
  );
}

/** What can be set on a named state, as it is now. */
export function fieldsOfNamedState(state: NamedState): NamedStateFields {
  const { name, availability, activity = null, labels = {} } = state;
  return { name, availability, activity, labels };
}
