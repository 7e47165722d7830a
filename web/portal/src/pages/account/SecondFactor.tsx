import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { removeSecondFactor, secondFactorQuery } from '../../data/secondFactor';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { useToasts } from '../../parts/toasts';
import { CodeField } from './CodeField';
import { refusalOf, SetUpFactor } from './SetUpFactor';

/** With fewer recovery codes left somebody is told. */
const FEW = 3;

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalM,
    maxInlineSize: '60rem',
  },
  form: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalM,
    maxInlineSize: '28rem',
  },
  text: { margin: 0, color: tokens.colorNeutralForeground2 },
});

/** One's own second factor. */
export function SecondFactor(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const factor = useQuery(secondFactorQuery);
  const [doing, setDoing] = useState<'nothing' | 'set_up' | 'remove'>('nothing');
  const finish = (told: 'factor.set_up' | 'factor.removed'): void => {
    setDoing('nothing');
    toasts.done(t(told));
    void client.invalidateQueries();
  };
  const cancel = (): void => setDoing('nothing');
  if (factor.isError) {
    return <ErrorBanner error={factor.error} retry={() => void factor.refetch()} />;
  }
  if (factor.isPending) return <Spinner label={t('frame.loading')} />;
  const { is_set, is_required, recovery_codes } = factor.data;
  return (
    <div className={styles.root}>
      <p className={styles.text}>
        {is_set ? t('factor.on', { count: recovery_codes }) : t('factor.off')}
      </p>
      {is_required && <p className={styles.text}>{t('factor.required')}</p>}
      {is_set && recovery_codes < FEW && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{t('factor.few')}</MessageBarBody>
        </MessageBar>
      )}
      {doing === 'nothing' && (
        <div>
          <Button onClick={() => setDoing(is_set ? 'remove' : 'set_up')}>
            {t(is_set ? 'factor.remove' : 'factor.begin')}
          </Button>
        </div>
      )}
      {doing === 'set_up' && <SetUpFactor done={() => finish('factor.set_up')} cancel={cancel} />}
      {doing === 'remove' && <Removal done={() => finish('factor.removed')} cancel={cancel} />}
    </div>
  );
}

function Removal(props: { done: () => void; cancel: () => void }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const [code, setCode] = useState('');
  const removing = useMutation({ mutationFn: removeSecondFactor, onSuccess: props.done });
  const refusal = refusalOf(t, removing.error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (code.trim() && !removing.isPending) removing.mutate(code.trim());
  };
  return (
    <form noValidate className={styles.form} onSubmit={submit}>
      {removing.isError && !refusal && <ErrorBanner error={removing.error} />}
      <CodeField
        value={code}
        set={setCode}
        refusal={refusal}
        label={t('factor.code_or_recovery')}
        isFocused
      />
      <div>
        <Button type="submit" appearance="primary" disabledFocusable={removing.isPending}>
          {t('factor.remove')}
        </Button>{' '}
        <Button onClick={props.cancel}>{t('action.cancel')}</Button>
      </div>
    </form>
  );
}
