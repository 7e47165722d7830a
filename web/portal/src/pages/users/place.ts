import { type LinkProps, useParams } from '@tanstack/react-router';
import { useSession } from '../../app/session';
import { useT } from '../../i18n/context';
import type { Crumb } from '../../parts/Page';

/** Whose users a page shows: a tenant's, or the platform's own. */
export interface Place {
  /** The tenant whose users they are; the platform's own is one, too. */
  tenant: string;
  isPlatform: boolean;
  /** The tenant for questions of rights; null among the platform's own users. */
  reach: string | null;
  title: string;
  list: LinkProps;
  make: LinkProps;
  link: (user: string) => LinkProps;
  trail: Crumb[];
}

export function useUsersPlace(): Place {
  const t = useT();
  const session = useSession();
  const chosen = useParams({ strict: false, select: ({ tenant }) => tenant });
  const isPlatform = chosen === undefined;
  const tenant = chosen ?? session.tenant;
  const params = { tenant };
  const list: LinkProps = isPlatform ? { to: '/users' } : { to: '/t/$tenant/users', params };
  const title = t(isPlatform ? 'users.platform' : 'users.title');
  return {
    tenant,
    isPlatform,
    reach: isPlatform ? null : tenant,
    title,
    list,
    make: isPlatform ? { to: '/users/new' } : { to: '/t/$tenant/users/new', params },
    link: (user) =>
      isPlatform
        ? { to: '/users/$user', params: { user } }
        : { to: '/t/$tenant/users/$user', params: { tenant, user } },
    trail: [{ label: title, link: list }],
  };
}
