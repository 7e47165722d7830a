import type { Presence } from '@switchboard/client/rose';
import type { Session } from '@switchboard/portal/app/session';
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { Room, RoomState } from '../live/room';
import { type Person, personOf } from '../people/shown';

/** Where the one who works is. */
export interface Place {
  room: Room;
  session: Session;
  /** The contact of the one who works. */
  own: string;
}

export const PlaceContext = createContext<Place | null>(null);

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (!place) throw new Error('no place around this part');
  return place;
}

export function useRoomState(room: Room): RoomState {
  return useSyncExternalStore(room.subscribe, room.state);
}

/** What is known of somebody, whether it is believed or not. */
export function usePresence(id: string): Presence | null {
  const { room } = usePlace();
  const subscribe = useCallback(
    (listener: () => void) => room.subscribeTo(id, listener),
    [room, id],
  );
  return useSyncExternalStore(
    subscribe,
    useCallback(() => room.person(id), [room, id]),
  );
}

/** Somebody as they are shown now. */
export function usePerson(id: string): Person {
  const { room } = usePlace();
  const { isTrusted } = useRoomState(room);
  return personOf(id, usePresence(id), isTrusted);
}
