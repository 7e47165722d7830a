import {
  Button,
  Divider,
  MessageBar,
  MessageBarBody,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { beginByProvider, offeredProvidersQuery } from '../../data/signIn';
import { useT } from '../../i18n/context';
import { errorText } from '../../parts/ErrorBanner';

const useStyles = makeStyles({
  root: { display: 'grid', rowGap: tokens.spacingVerticalM },
  name: { overflowWrap: 'anywhere' },
});

/** The identity providers by which users of a tenant may sign in, as soon as its name is known. */
export function Providers(props: { tenant: string; to: string }): ReactNode {
  const { tenant, to } = props;
  const styles = useStyles();
  const t = useT();
  const name = tenant.trim();
  const { data } = useQuery({ ...offeredProvidersQuery(name), enabled: name !== '' });
  const begin = useMutation({
    mutationFn: (provider: string) => beginByProvider(provider, to),
    onSuccess: (url) => location.assign(url),
  });
  if (!name || !data?.length) return null;
  return (
    <div className={styles.root}>
      <Divider>{t('sign_in.or')}</Divider>
      {begin.isError && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>{errorText(t, begin.error)}</MessageBarBody>
        </MessageBar>
      )}
      {data.map((provider) => (
        <Button
          key={provider.id}
          className={styles.name}
          disabledFocusable={begin.isPending || begin.isSuccess}
          onClick={() => begin.mutate(provider.id)}
        >
          {t('sign_in.with', { name: provider.name })}
        </Button>
      ))}
    </div>
  );
}
