import { Button, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { makePassword } from '../../app/password';
import { setPassword, type User, userQuery } from '../../data/users';
import { useT } from '../../i18n/context';
import { Form, useForm } from '../../parts/form';
import { SecretText } from '../../parts/SecretText';
import { useToasts } from '../../parts/toasts';
import { NO_PASSWORDS, passwordSpec } from './passwords';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalL,
    maxInlineSize: '60rem',
  },
  text: { margin: 0, color: tokens.colorNeutralForeground2 },
});

/** Sets a password: one's own with the present one, somebody else's generated or written. */
export function PasswordForm(props: {
  tenant: string;
  user: User;
  isOwn: boolean;
  done?: () => void;
}): ReactNode {
  const { tenant, user, isOwn, done } = props;
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const [generated, setGenerated] = useState<string | null>(null);
  const [spec] = useState(() => passwordSpec(t, user.name ?? '', isOwn));
  const form = useForm({
    spec,
    initial: NO_PASSWORDS,
    save: async ({ current_password, password }) => {
      const own = isOwn ? { current_password } : {};
      await setPassword(tenant, user.id, { password, ...own });
      client.setQueryData(userQuery(tenant, user.id).queryKey, { ...user, has_password: true });
      toasts.done(t(isOwn ? 'password.own.saved' : 'password.saved'));
      await client.invalidateQueries({ queryKey: ['users', tenant] });
      done?.();
      return NO_PASSWORDS;
    },
  });
  const generate = (): void => {
    const password = makePassword(user.name ?? '');
    setGenerated(password);
    form.set('password', password);
  };
  return (
    <div className={styles.root}>
      {!isOwn && (
        <>
          <p className={styles.text}>
            {t(user.has_password ? 'password.present' : 'password.absent')}
          </p>
          <div>
            <Button onClick={generate} disabled={form.isBusy}>
              {t(generated ? 'password.other' : 'password.generate')}
            </Button>
          </div>
          <p className={styles.text}>{t('password.text')}</p>
        </>
      )}
      {generated && (
        <>
          <SecretText text={generated} />
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{t('password.once')}</MessageBarBody>
          </MessageBar>
        </>
      )}
      <Form form={form} submitLabel={t('password.set')} />
    </div>
  );
}
