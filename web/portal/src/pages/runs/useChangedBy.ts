import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** What runs change, by the first words of what was read of it. */
const CHANGED = ['runs', 'contacts', 'contact', 'avatars', 'groups', 'group', 'members'];

/**
 * Forgets what was read before a run changed it, once a run that was going on has ended, or nobody
 * looks at it any more. A run that ended before it was looked at changes nothing now.
 */
export function useChangedBy(tenant: string, isGoingOn: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!isGoingOn) return;
    return () => {
      for (const kind of CHANGED) void client.invalidateQueries({ queryKey: [kind, tenant] });
    };
  }, [client, tenant, isGoingOn]);
}
