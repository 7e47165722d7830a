import { MessageBar, MessageBarBody, Spinner } from '@fluentui/react-components';
import { isProblem } from '@switchboard/client';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { hasLink, spendLink } from '../../app/link';
import { type Session, signInByLink } from '../../app/session';
import { useT } from '../../i18n/context';
import { CardPage } from '../../parts/CardPage';
import { errorText } from '../../parts/ErrorBanner';
import { CodeForm } from './CodeForm';
import { SignInForm } from './SignInForm';

/** Signing in: by password, or at once by a one-time link. */
export function SignInPage(): ReactNode {
  const t = useT();
  const router = useRouter();
  const { to, tenant, failed } = useSearch({ from: '/sign-in' });
  const link = useLink(() => goOn());

  const goOn = (): void => {
    router.history.replace(router.basepath + (to ?? '/'));
  };
  return (
    <CardPage title={t('sign_in.heading')} of={t('product.name')}>
      {link.isWaiting && <Spinner label={t('sign_in.by_link')} />}
      {link.error ? (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>
            {isProblem(link.error, 'too_many_requests') || !isProblem(link.error)
              ? errorText(t, link.error)
              : t('sign_in.link_refused')}
          </MessageBarBody>
        </MessageBar>
      ) : null}
      {link.withCode && <CodeForm signIn={link.withCode} begun={goOn} back={link.drop} />}
      {failed && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>{t(`sign_in.failed.${failed}`)}</MessageBarBody>
        </MessageBar>
      )}
      {!link.isWaiting && !link.withCode && (
        <SignInForm begun={goOn} to={to ?? '/'} {...(tenant && { tenant })} />
      )}
    </CardPage>
  );
}

interface ByLink {
  isWaiting: boolean;
  error: unknown;
  /** Goes on with a code, when one is asked for. */
  withCode: ((code: string) => Promise<Session>) | null;
  drop: () => void;
}

/** Uses the one-time link that somebody came by. */
function useLink(begun: () => void): ByLink {
  const client = useQueryClient();
  const [wasGiven] = useState(hasLink);
  const [error, setError] = useState<unknown>(null);
  const [token, setToken] = useState<string | null>(null);
  const [isDropped, setDropped] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link works once
  useEffect(() => {
    const spent = spendLink();
    if (!spent) return;
    signInByLink(client, spent).then(begun, (refused: unknown) => {
      if (isProblem(refused, 'second_factor_needed')) setToken(spent);
      else setError(refused);
    });
  }, []);
  return {
    isWaiting: wasGiven && !error && !token && !isDropped,
    error,
    withCode: token === null ? null : (code) => signInByLink(client, token, code),
    drop: () => {
      setToken(null);
      setDropped(true);
    },
  };
}
