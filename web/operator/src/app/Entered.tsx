import { lookAtSession, type Session } from '@switchboard/portal/app/session';
import { userProfileQuery } from '@switchboard/portal/data/profiles';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Room } from '../live/room';
import { NamesProvider } from '../people/names';
import { Desk } from './Desk';
import { Refused, reasonOf } from './Refused';
import { PlaceContext, usePresence, useRoomState } from './roomContext';
import { Waiting } from './Waiting';

/** Goes into the room of the tenant, and again when somebody asks for it. */
export function Entered({ session, own }: { session: Session; own: string }): ReactNode {
  const client = useQueryClient();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt is a room of its own
  const room = useMemo(
    () =>
      new Room({
        url: location.origin,
        tenant: session.tenant,
        own,
        isOver: async () => (await lookAtSession(client)) === null,
      }),
    [session.tenant, own, client, attempt],
  );
  useEffect(() => room.enter(), [room]);
  const place = useMemo(() => ({ room, session, own }), [room, session, own]);
  return (
    <PlaceContext value={place}>
      <Inside
        again={() => {
          const { queryKey } = userProfileQuery(session.tenant, session.user);
          void client.invalidateQueries({ queryKey });
          setAttempt((before) => before + 1);
        }}
        room={room}
      />
    </PlaceContext>
  );
}

function Inside({ room, again }: { room: Room; again: () => void }): ReactNode {
  const { isKnown, refused, isOver, isBarred } = useRoomState(room);
  const presence = usePresence(room.own);
  if (isOver) return <Refused reason="101" />;
  if (refused !== null) return <Refused reason={reasonOf(refused)} again={again} />;
  if (!isKnown || !presence) return <Waiting isBarred={isBarred} />;
  // Who may not be seen is as if there were nobody.
  if (!presence.asnRemoteContact) return <Refused reason="hidden" again={again} />;
  return (
    <NamesProvider>
      <Desk />
    </NamesProvider>
  );
}
