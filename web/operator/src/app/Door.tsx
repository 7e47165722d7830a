import { isProblem } from '@switchboard/client';
import { isRenewalWanted, onRenewalChange, settleRenewal } from '@switchboard/portal/app/renewal';
import { isAboveTenants } from '@switchboard/portal/app/rights';
import { type Session, sessionQuery } from '@switchboard/portal/app/session';
import { userProfileQuery } from '@switchboard/portal/data/profiles';
import { ownUserQuery } from '@switchboard/portal/data/users';
import { ErrorBanner } from '@switchboard/portal/parts/ErrorBanner';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { Entered } from './Entered';
import { Refused } from './Refused';
import { Waiting } from './Waiting';

/** Where people sign in who come from here, and are sent back from: one address, whatever the page's own is. */
export const SIGN_IN = '/portal/operator';

/** Lets in who is signed in, is somebody's contact, and may use clients; says why not to others. */
export function Door(): ReactNode {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  const isEnded = useEnded();
  const [entered, setEntered] = useState<Session | null>(null);
  if (session && !entered) setEntered(session);
  const isStranger = session === null && !entered;
  const isMissing = Boolean(session?.is_second_factor_missing);
  useEffect(() => {
    if (isStranger || isMissing) location.replace(SIGN_IN);
  }, [isStranger, isMissing]);

  if (isEnded) return <Refused reason="101" />;
  if (error && !session) return <ErrorBanner error={error} retry={() => void refetch()} />;
  if (!entered || isMissing) return <Waiting />;
  if (isAboveTenants(entered.grants)) return <Refused reason="above" />;
  return <Known session={entered} />;
}

/** Whether the session ended while somebody was here: what waits for a new one is let go. */
function useEnded(): boolean {
  const isWanted = useSyncExternalStore(onRenewalChange, isRenewalWanted);
  const [isEnded, setEnded] = useState(false);
  if (isWanted && !isEnded) setEnded(true);
  useEffect(() => {
    if (isWanted) settleRenewal(false);
  }, [isWanted]);
  return isEnded;
}

/** Who is signed in, as far as the operator needs to know. */
function Known({ session }: { session: Session }): ReactNode {
  const { data: user, error, refetch } = useQuery(ownUserQuery(session));
  const isAllowed = Boolean(user?.is_client_allowed);
  const profile = useQuery({
    ...userProfileQuery(session.tenant, session.user),
    // What changes is told.
    refetchInterval: false,
    enabled: isAllowed,
    retry: false,
  });
  if (error && !user) return <ErrorBanner error={error} retry={() => void refetch()} />;
  if (!user) return <Waiting />;
  if (!isAllowed) return <Refused reason="110" again={() => void refetch()} />;
  if (!user.contact) return <Refused reason="no_contact" again={() => void refetch()} />;
  if (isProblem(profile.error, 'not_found', 'forbidden'))
    return <Refused reason="hidden" again={() => void profile.refetch()} />;
  if (profile.error && !profile.data) {
    return <ErrorBanner error={profile.error} retry={() => void profile.refetch()} />;
  }
  if (!profile.data) return <Waiting />;
  // Who may use clients has none where there are no licences.
  if (profile.data.is_fixed) return <Refused reason="none" again={() => void profile.refetch()} />;
  return <Entered session={session} own={user.contact} />;
}
