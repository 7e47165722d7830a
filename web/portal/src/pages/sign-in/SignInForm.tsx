import {
  Button,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { isProblem } from '@switchboard/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { type Session, signIn } from '../../app/session';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { errorText } from '../../parts/ErrorBanner';
import { CodeForm } from './CodeForm';
import { Providers } from './Providers';

const useStyles = makeStyles({
  form: { display: 'grid', rowGap: tokens.spacingVerticalL },
  actions: { display: 'flex', gap: tokens.spacingHorizontalS },
  main: { flexGrow: 1 },
});

interface Entered {
  tenant: string | null;
  name: string;
  password: string;
}

/** Asks for tenant, name and password, and for a code if need be; `known` is who worked here before. */
export function SignInForm(props: {
  begun: (session: Session) => void;
  cancel?: () => void;
  known?: { tenant: string; name: string };
  /** Whose user somebody is, as far as the address says it. */
  tenant?: string;
  /** Where in the portal to go on, by way of an identity provider. */
  to: string;
}): ReactNode {
  const { begun, cancel, known, to } = props;
  const [tenant, setTenant] = useState(known?.tenant ?? props.tenant ?? '');
  const [named, setNamed] = useState(tenant);
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const password = useRef<HTMLInputElement>(null);
  const [isIncomplete, setIncomplete] = useState(false);
  const attempt = useMutation({
    mutationFn: (fields: Entered) => signIn(client, fields),
    onSuccess: begun,
  });
  const entered = attempt.variables;
  const isCodeWanted = isProblem(attempt.error, 'second_factor_needed') && entered;

  // A dialog first puts the focus on its first field, which is filled in already.
  const isKnown = known !== undefined;
  useEffect(() => {
    if (!isKnown) return;
    const frame = requestAnimationFrame(() => password.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [isKnown]);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const [name, secret] = ['name', 'password'].map((field) => String(data.get(field) ?? ''));
    const missing = !name?.trim() ? 'name' : !secret ? 'password' : null;
    setIncomplete(missing !== null);
    if (missing) form.querySelector<HTMLElement>(`[name="${missing}"]`)?.focus();
    else if (name && secret && !attempt.isPending) {
      attempt.mutate({ tenant: tenant.trim() || null, name: name.trim(), password: secret });
    }
  };

  if (isCodeWanted) {
    return (
      <CodeForm
        signIn={(code) => signIn(client, { ...entered, code })}
        begun={begun}
        back={attempt.reset}
      />
    );
  }
  return (
    <form noValidate className={styles.form} onSubmit={submit}>
      {attempt.isError && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>{refusal(t, attempt.error)}</MessageBarBody>
        </MessageBar>
      )}
      {isIncomplete && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>{t('sign_in.incomplete')}</MessageBarBody>
        </MessageBar>
      )}
      <Field label={t('sign_in.tenant')} hint={t('sign_in.tenant.help')}>
        <Input
          name="tenant"
          autoComplete="organization"
          value={tenant}
          onChange={(_, { value }) => setTenant(value)}
          onBlur={() => setNamed(tenant)}
        />
      </Field>
      <Field label={t('sign_in.name')} required>
        <Input
          name="name"
          defaultValue={known?.name ?? ''}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
      </Field>
      <Field label={t('sign_in.password')} required>
        <Input
          name="password"
          input={{ ref: password }}
          type="password"
          autoComplete="current-password"
        />
      </Field>
      <div className={styles.actions}>
        <Button
          type="submit"
          appearance="primary"
          className={styles.main}
          disabledFocusable={attempt.isPending}
        >
          {t('sign_in.submit')}
        </Button>
        {cancel && <Button onClick={cancel}>{t('renewal.leave')}</Button>}
      </div>
      <Providers tenant={named} to={to} />
    </form>
  );
}

function refusal(t: Translate, error: unknown): string {
  return isProblem(error, 'not_signed_in') ? t('sign_in.wrong') : errorText(t, error);
}
