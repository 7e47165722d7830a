import { answer, ifMatch, MERGE_PATCH, pageQuery } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { ListSource } from '../parts/list';
import type { Contact } from './contacts';

export type Group = Schema<'GroupView'>;
export type GroupFields = Required<Schema<'GroupFields'>>;

const PAGE = 100;

/** One group. */
export function groupQuery(tenant: string, group: string) {
  return queryOptions({
    queryKey: ['group', tenant, group],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/groups/{group}', {
          params: { path: { tenant, group } },
          signal,
        }),
      ),
  });
}

/** Makes a group. */
export function createGroup(tenant: string, body: GroupFields): Promise<Group> {
  return answer(api.POST('/tenants/{tenant}/groups', { params: { path: { tenant } }, body }));
}

/** Puts a group below another, or at the top, as long as it is still as somebody saw it. */
export function moveGroup(tenant: string, group: Group, parent: string | null): Promise<Group> {
  return answer(
    api.PATCH('/tenants/{tenant}/groups/{group}', {
      params: { path: { tenant, group: group.id }, header: ifMatch(group.revision) },
      headers: MERGE_PATCH,
      body: { parent } as GroupFields,
    }),
  );
}

/** Removes a group and what is below, as it was when somebody looked at it. */
export async function removeGroup(tenant: string, group: Group): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/groups/{group}', {
      params: { path: { tenant, group: group.id } },
      headers: { ...ifMatch(group.revision) },
    }),
  );
}

/** The members of a group, by name; the home contacts of a site are in its root group. */
export function membersSource(tenant: string, group: string): ListSource<Contact> {
  return {
    key: ['members', tenant, group],
    read: ({ after, q, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/groups/{group}/members', {
          params: { path: { tenant, group }, query: pageQuery(PAGE, after, q) },
          signal,
        }),
      ),
  };
}

/** Makes a contact a member of a group. */
export async function addMember(tenant: string, group: string, contact: string): Promise<void> {
  await answer(
    api.PUT('/tenants/{tenant}/groups/{group}/members/{contact}', {
      params: { path: { tenant, group, contact } },
    }),
  );
}

/** Takes a contact out of a group. */
export async function removeMember(tenant: string, group: string, contact: string): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/groups/{group}/members/{contact}', {
      params: { path: { tenant, group, contact } },
    }),
  );
}
