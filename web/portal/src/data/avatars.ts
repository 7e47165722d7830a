import type { State } from '@switchboard/presence';
import { queryOptions } from '@tanstack/react-query';
import { send } from '../app/gateway';

/** Whose pictures they are: a contact's own, or a domain's for contacts without any. */
export interface AvatarOwner {
  tenant: string;
  kind: 'contacts' | 'domains';
  id: string;
}

/** A picture, and the states that it is shown for. */
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

/** The pictures of a contact or a domain. */
export function avatarsQuery(owner: AvatarOwner) {
  return queryOptions({
    queryKey: ['avatars', owner.tenant, owner.kind, owner.id],
    queryFn: async ({ signal }): Promise<Avatar[]> => {
      const response = await send(pathOf(owner), { signal });
      return ((await response.json()) as { items: Avatar[] }).items;
    },
  });
}

/** Adds a picture. */
export async function addAvatar(owner: AvatarOwner, picture: File): Promise<Moved> {
  const response = await send(pathOf(owner), {
    method: 'POST',
    headers: { 'Content-Type': picture.type },
    body: picture,
  });
  return (await response.json()) as Moved;
}

/** Sets the states that a picture is shown for; others lose them. */
export async function setStatuses(
  owner: AvatarOwner,
  change: { id: string; statuses: State[] },
): Promise<Moved> {
  const response = await send(`${pathOf(owner)}/${encodeURIComponent(change.id)}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/merge-patch+json' },
    body: JSON.stringify({ statuses: change.statuses }),
  });
  return (await response.json()) as Moved;
}

/** Removes a picture. */
export async function removeAvatar(owner: AvatarOwner, id: string): Promise<void> {
  await send(`${pathOf(owner)}/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

function pathOf({ tenant, kind, id }: AvatarOwner): string {
  return `/tenants/${encodeURIComponent(tenant)}/${kind}/${encodeURIComponent(id)}/avatars`;
}
