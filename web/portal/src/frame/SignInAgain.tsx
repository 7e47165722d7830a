import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { settleRenewal } from '../app/renewal';
import { isAboveTenants } from '../app/rights';
import { type Session, sessionQuery } from '../app/session';
import { tenantQuery } from '../data/tenants';
import { ownUserQuery } from '../data/users';
import { useT } from '../i18n/context';
import { SignInForm } from '../pages/sign-in/SignInForm';

/**
 * Signs somebody in again whose session ended while they worked: what they entered stays, and what
 * they sent goes on. Somebody else starts afresh.
 */
export function SignInAgain(): ReactNode {
  const t = useT();
  const client = useQueryClient();
  const before = client.getQueryData<Session | null>(sessionQuery.queryKey);
  const known = before ? nameOf(client, before) : {};
  const begun = (session: Session): void => {
    const isSame = before?.user === session.user;
    settleRenewal(isSame);
    if (!isSame) location.assign(import.meta.env.BASE_URL);
  };
  const leave = (): void => {
    settleRenewal(false);
    location.assign(import.meta.env.BASE_URL);
  };
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('renewal.title')}</DialogTitle>
          <DialogContent>
            <p>{t('renewal.text')}</p>
            <SignInForm {...known} begun={begun} cancel={leave} to={here()} />
          </DialogContent>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** The page that somebody is on, for whoever signs in elsewhere: what they entered is lost then. */
function here(): string {
  const base = import.meta.env.BASE_URL.replace(/\/$/, '');
  return location.pathname.slice(base.length) + location.search || '/';
}

/** Who worked here, as far as it was read; users of the platform have no tenant to name. */
function nameOf(
  client: QueryClient,
  session: Session,
): { known?: { tenant: string; name: string } } {
  const user = client.getQueryData(ownUserQuery(session).queryKey);
  const tenant = client.getQueryData(tenantQuery(session.tenant).queryKey);
  const isAbove = isAboveTenants(session.grants);
  if (!user?.name || (!tenant?.name && !isAbove)) return {};
  return { known: { tenant: isAbove ? '' : (tenant?.name ?? ''), name: user.name } };
}
