import { Button, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { type Source, setSecret, sourceQuery } from '../../data/sources';
import type { PlainKey } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { Form, type FormSpec, useForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';
import { draftOf } from './draft';
import { type SecretKind, secretKindOf } from './service';
import { secretField } from './service-spec';

interface Entered {
  secret: string;
}

/** What the source signs in with. */
function kindOf(source: Source): SecretKind {
  return secretKindOf(draftOf(source)) ?? 'password';
}

/** The words for it: not every secret is a password. */
function wordsOf(source: Source): 'secret' | 'secret.other' {
  return kindOf(source) === 'password' ? 'secret' : 'secret.other';
}

/** What the tab is called in which it is replaced. */
export function secretTab(source: Source): PlainKey {
  return wordsOf(source) === 'secret' ? 'sources.tab.secret' : 'secret.other.tab';
}

/** Asks for what the source signs in with. */
function specOf(source: Source): FormSpec<Entered> {
  const kind = kindOf(source);
  return { sections: [{ fields: [secretField<Entered>(kind, () => true, true)] }] };
}

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** The password of a source: whether there is one, and its replacement. Nobody sees it again. */
export function Secret({ tenant, source }: { tenant: string; source: Source }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const [isEntered, setEntered] = useState(source.secret !== 'present');
  const [isAsked, setAsked] = useState(false);
  const refresh = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: sourceQuery(tenant, source.id).queryKey });
    await client.invalidateQueries({ queryKey: ['sources', tenant] });
  };
  const words = wordsOf(source);
  const spec = useMemo(() => specOf(source), [source]);
  const form = useForm<Entered>({
    spec,
    initial: { secret: '' },
    save: async ({ secret }) => {
      await setSecret(tenant, source.id, secret);
      toasts.done(t(`${words}.kept`));
      await refresh();
      setEntered(false);
      return { secret: '' };
    },
  });
  const intent = source.secret === 'enter_again' ? 'warning' : 'info';
  return (
    <div className={styles.root}>
      <MessageBar intent={intent} layout="multiline">
        <MessageBarBody>{t(`${words}.${source.secret}`)}</MessageBarBody>
      </MessageBar>
      <div className={styles.actions}>
        {!isEntered && <Button onClick={() => setEntered(true)}>{t('secret.again')}</Button>}
        {source.secret !== 'absent' && (
          <Button onClick={() => setAsked(true)}>{t(`${words}.forget`)}</Button>
        )}
      </div>
      {isEntered && <Form form={form} submitLabel={t(`${words}.keep`)} />}
      {isAsked && (
        <ConfirmDialog
          close={() => setAsked(false)}
          confirmation={{
            title: t(`${words}.forget`),
            text: t('secret.forget.text'),
            verb: t(`${words}.forget`),
            isDangerous: true,
            act: async () => {
              await setSecret(tenant, source.id, null);
              toasts.done(t(`${words}.forgotten`));
              await refresh();
              setEntered(true);
            },
          }}
        />
      )}
    </div>
  );
}
