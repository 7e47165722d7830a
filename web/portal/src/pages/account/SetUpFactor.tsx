import {
  Button,
  Field,
  Input,
  Link,
  MessageBar,
  MessageBarBody,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { isProblem } from '@switchboard/client';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type Begun, beginSecondFactor, confirmSecondFactor } from '../../data/secondFactor';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { ruleText } from '../../parts/reasons';
import { SecretText } from '../../parts/SecretText';
import { CodeField } from './CodeField';

const useStyles = makeStyles({
  form: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'stretch',
    rowGap: tokens.spacingVerticalM,
    maxInlineSize: '28rem',
  },
  text: { margin: 0 },
  picture: {
    inlineSize: '12rem',
    blockSize: '12rem',
    borderRadius: tokens.borderRadiusMedium,
    // Cameras want dark on light in every theme.
    backgroundColor: '#fff',
  },
  codes: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(11rem, 1fr))',
    gap: tokens.spacingVerticalS,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    fontFamily: tokens.fontFamilyMonospace,
  },
});

/** Sets one's own second factor up: password, authenticator, recovery codes. */
export function SetUpFactor(props: { done: () => void; cancel?: () => void }): ReactNode {
  const { done, cancel } = props;
  const [begun, setBegun] = useState<Begun | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes) return <RecoveryCodes codes={codes} done={done} />;
  if (begun) return <Authenticator begun={begun} confirmed={setCodes} cancel={cancel} />;
  return <Password begun={setBegun} cancel={cancel} />;
}

function Password(props: {
  begun: (begun: Begun) => void;
  cancel?: (() => void) | undefined;
}): ReactNode {
  const styles = useStyles();
  const t = useT();
  const [password, setPassword] = useState('');
  const beginning = useMutation({ mutationFn: beginSecondFactor, onSuccess: props.begun });
  const refusal = refusalOf(t, beginning.error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!beginning.isPending) beginning.mutate(password);
  };
  return (
    <form noValidate className={styles.form} onSubmit={submit}>
      {beginning.isError && !refusal && <ErrorBanner error={beginning.error} />}
      <Field
        label={t('password.current')}
        hint={t('factor.password.help')}
        validationState={refusal ? 'error' : 'none'}
        validationMessage={refusal}
      >
        <Input
          type="password"
          value={password}
          autoComplete="current-password"
          onChange={(_, { value }) => setPassword(value)}
        />
      </Field>
      <div>
        <Button type="submit" appearance="primary" disabledFocusable={beginning.isPending}>
          {t('wizard.next')}
        </Button>{' '}
        {props.cancel && <Button onClick={props.cancel}>{t('action.cancel')}</Button>}
      </div>
    </form>
  );
}

function Authenticator(props: {
  begun: Begun;
  confirmed: (codes: string[]) => void;
  cancel?: (() => void) | undefined;
}): ReactNode {
  const { begun, confirmed, cancel } = props;
  const styles = useStyles();
  const t = useT();
  const [code, setCode] = useState('');
  const confirming = useMutation({ mutationFn: confirmSecondFactor, onSuccess: confirmed });
  const refusal = refusalOf(t, confirming.error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (code.trim() && !confirming.isPending) confirming.mutate(code.trim());
  };
  return (
    <form noValidate className={styles.form} onSubmit={submit}>
      {confirming.isError && !refusal && <ErrorBanner error={confirming.error} />}
      <p className={styles.text}>{t('factor.scan')}</p>
      <img
        className={styles.picture}
        alt={t('factor.picture')}
        src={`data:image/svg+xml,${encodeURIComponent(begun.qr_code)}`}
      />
      <p className={styles.text}>
        {t('factor.by_hand')} <Link href={begun.uri}>{t('factor.open')}</Link>
      </p>
      <SecretText text={begun.secret} />
      <CodeField value={code} set={setCode} refusal={refusal} />
      <div>
        <Button type="submit" appearance="primary" disabledFocusable={confirming.isPending}>
          {t('factor.confirm')}
        </Button>{' '}
        {cancel && <Button onClick={cancel}>{t('action.cancel')}</Button>}
      </div>
    </form>
  );
}

function RecoveryCodes(props: { codes: string[]; done: () => void }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <div className={styles.form}>
      <MessageBar intent="warning" layout="multiline" role="status">
        <MessageBarBody>{t('factor.codes.text')}</MessageBarBody>
      </MessageBar>
      <ul className={styles.codes} aria-label={t('factor.codes')}>
        {props.codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div>
        <Button appearance="primary" onClick={props.done}>
          {t('factor.codes.kept')}
        </Button>
      </div>
    </div>
  );
}

/** Why a password or code was refused, if that is why. */
export function refusalOf(t: ReturnType<typeof useT>, error: unknown): string | null {
  const rule = isProblem(error, 'invalid_value') ? error.fields[0]?.rule : undefined;
  return rule ? ruleText(t, rule) : null;
}
