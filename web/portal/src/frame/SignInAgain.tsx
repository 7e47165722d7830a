import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useSyncExternalStore } from 'react';
import { isRenewalWanted, onRenewalChange, settleRenewal } from '../app/renewal';
import { type Session, sessionQuery } from '../app/session';
import { useT } from '../i18n/context';
import { SignInForm } from '../pages/sign-in/SignInForm';

/**
 * Signs somebody in again whose session ended while they worked: what they entered stays, and what
 * they sent goes on. Somebody else starts afresh.
 */
export function SignInAgain(): ReactNode {
  const t = useT();
  const client = useQueryClient();
  const isWanted = useSyncExternalStore(onRenewalChange, isRenewalWanted);
  if (!isWanted) return null;
  const before = client.getQueryData<Session | null>(sessionQuery.queryKey);
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
            <SignInForm begun={begun} cancel={leave} />
          </DialogContent>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
