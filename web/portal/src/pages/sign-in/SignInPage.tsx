import {
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { isProblem } from '@switchboard/client';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { hasLink, spendLink } from '../../app/link';
import { signInByLink } from '../../app/session';
import { useT } from '../../i18n/context';
import icon from '../../icon.svg';
import { errorText } from '../../parts/ErrorBanner';
import { Panel } from '../../parts/Panel';
import { isWithin } from './routes';
import { SignInForm } from './SignInForm';

const useStyles = makeStyles({
  main: {
    display: 'grid',
    placeItems: 'center',
    minBlockSize: '100dvh',
    boxSizing: 'border-box',
    padding: tokens.spacingHorizontalL,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  card: {
    inlineSize: '100%',
    maxInlineSize: '24rem',
    boxSizing: 'border-box',
    padding: tokens.spacingHorizontalXXL,
    rowGap: tokens.spacingVerticalL,
  },
  title: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    margin: 0,
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
  },
});

/** Signing in: by password, or at once by a one-time link. */
export function SignInPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const router = useRouter();
  const to = useSearch({
    strict: false,
    select: (search) => ('to' in search ? search.to : undefined),
  });
  const link = useLink(() => goOn());

  const goOn = (): void => {
    const target = typeof to === 'string' && isWithin(to) ? to : '/';
    router.history.replace(router.basepath + target);
  };
  return (
    <main className={styles.main}>
      <title>{`${t('sign_in.title')} – ${t('product.name')}`}</title>
      <Panel className={styles.card}>
        <h1 className={styles.title}>
          <img src={icon} alt="" width={32} height={32} />
          {t('sign_in.heading')}
        </h1>
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
        {!link.isWaiting && <SignInForm begun={goOn} />}
      </Panel>
    </main>
  );
}

/** Uses the one-time link that somebody came by. */
function useLink(begun: () => void): { isWaiting: boolean; error: unknown } {
  const client = useQueryClient();
  const [wasGiven] = useState(hasLink);
  const [error, setError] = useState<unknown>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link works once
  useEffect(() => {
    const token = spendLink();
    if (token) signInByLink(client, token).then(begun, setError);
  }, []);
  return { isWaiting: wasGiven && !error, error };
}
