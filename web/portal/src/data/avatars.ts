import type { State } from '@switchboard/presence';
import { queryOptions } from '@tanstack/react-query';
import { send } from '../app/gateway';

/** A picture of a contact, and the states that it is shown for. */
export interface Avatar {
  id: string;
  url: string;
  thumbnail_url: string;
  statuses: State[];
  /** Shown for every state that no other picture has. */
  is_default: boolean;
  /** The source that it was read from; null when somebody added it. */
  source: string | null;
  created_at: string;
}

/** A picture as it is now, and the states that left others for it. */
export interface Moved {
  avatar: Avatar;
  moved: { status: State; from: string }[];
}

/** The largest picture, in bytes. */
export const AVATAR_BYTES = 307_200;

/** The kinds of pictures. */
export const AVATAR_TYPES = ['image/jpeg', 'image/png'] as const;

/** The pictures of a contact. */
export function avatarsQuery(tenant: string, contact: string) {
  return queryOptions({
    queryKey: ['avatars', tenant, contact],
    queryFn: async ({ signal }): Promise<Avatar[]> => {
      const response = await send(pathOf(tenant, contact), { signal });
      return ((await response.json()) as { items: Avatar[] }).items;
    },
  });
}

/** Adds a picture. */
export async function addAvatar(tenant: string, contact: string, picture: File): Promise<Moved> {
  const response = await send(pathOf(tenant, contact), {
    method: 'POST',
    headers: { 'Content-Type': picture.type },
    body: picture,
  });
  return (await response.json()) as Moved;
}

/** Sets the states that a picture is shown for; others lose them. */
export async function setStatuses(
  tenant: string,
  contact: string,
  change: { id: string; statuses: State[] },
): Promise<Moved> {
  const response = await send(`${pathOf(tenant, contact)}/${encodeURIComponent(change.id)}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/merge-patch+json' },
    body: JSON.stringify({ statuses: change.statuses }),
  });
  return (await response.json()) as Moved;
}

/** Removes a picture. */
export async function removeAvatar(tenant: string, contact: string, id: string): Promise<void> {
  await send(`${pathOf(tenant, contact)}/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

function pathOf(tenant: string, contact: string): string {
  return `/tenants/${encodeURIComponent(tenant)}/contacts/${encodeURIComponent(contact)}/avatars`;
}
