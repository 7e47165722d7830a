import { Button, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { isProblem } from '@switchboard/client';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Session } from '../../app/session';
import { useT } from '../../i18n/context';
import { errorText } from '../../parts/ErrorBanner';
import { CodeField } from '../account/CodeField';

const useStyles = makeStyles({
  form: { display: 'grid', rowGap: tokens.spacingVerticalL },
  actions: { display: 'flex', gap: tokens.spacingHorizontalS },
  main: { flexGrow: 1 },
});

/** Asks for the code of somebody whose password, or link, was right. */
export function CodeForm(props: {
  signIn: (code: string) => Promise<Session>;
  begun: (session: Session) => void;
  back: () => void;
}): ReactNode {
  const styles = useStyles();
  const t = useT();
  const [code, setCode] = useState('');
  const attempt = useMutation({ mutationFn: props.signIn, onSuccess: props.begun });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (code.trim() && !attempt.isPending) attempt.mutate(code.trim());
  };
  return (
    <form noValidate className={styles.form} onSubmit={submit}>
      {attempt.isError && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>
            {isProblem(attempt.error, 'second_factor_needed')
              ? t('sign_in.code_wrong')
              : errorText(t, attempt.error)}
          </MessageBarBody>
        </MessageBar>
      )}
      <CodeField
        value={code}
        set={setCode}
        label={t('sign_in.code')}
        hint={t('sign_in.code.help')}
        isFocused
      />
      <div className={styles.actions}>
        <Button
          type="submit"
          appearance="primary"
          className={styles.main}
          disabledFocusable={attempt.isPending}
        >
          {t('sign_in.submit')}
        </Button>
        <Button onClick={props.back}>{t('wizard.back')}</Button>
      </div>
    </form>
  );
}
