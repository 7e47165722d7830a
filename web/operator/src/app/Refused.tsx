import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { lookAtSession, signOut } from '@switchboard/portal/app/session';
import { useT as usePortalT } from '@switchboard/portal/i18n/context';
import { CardPage } from '@switchboard/portal/parts/CardPage';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useT } from '../i18n/words';
import { SIGN_IN } from './Door';

const useStyles = makeStyles({
  text: { margin: 0, overflowWrap: 'anywhere' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** Why somebody is not let in; numbers are those of `docs/presence-v2.md`. */
export const REASONS = [
  '101',
  '103',
  'none',
  '110',
  '131',
  'no_contact',
  'hidden',
  'above',
] as const;

export type Reason = (typeof REASONS)[number];

/** Says in plain words why somebody is not let in, and what to do about it. */
export function Refused(props: {
  /** A number that is not known is told as it is. */
  reason: Reason | number;
  again?: () => void;
}): ReactNode {
  const { reason, again } = props;
  const styles = useStyles();
  const t = useT();
  const said = usePortalT();
  const client = useQueryClient();
  const isOver = reason === '101';
  const title =
    typeof reason === 'number' ? t('operator.refused.other') : t(`operator.refused.${reason}`);
  const text =
    typeof reason === 'number'
      ? t('operator.refused.other.text', { number: reason })
      : t(`operator.refused.${reason}.text`);
  const leave = async (): Promise<void> => {
    const elsewhere = await signOut(client).catch(() => null);
    location.assign(elsewhere ?? SIGN_IN);
  };
  return (
    <CardPage title={title} of={t('operator.title')}>
      <p className={styles.text} role="alert">
        {text}
      </p>
      <div className={styles.actions}>
        {isOver && (
          <Button appearance="primary" as="a" href={SIGN_IN}>
            {t('operator.refused.sign_in')}
          </Button>
        )}
        {again && (
          <Button
            appearance="primary"
            onClick={() => {
              // Whoever asks is there.
              void lookAtSession(client).catch(() => {});
              again();
            }}
          >
            {t('operator.refused.again')}
          </Button>
        )}
        {!isOver && <Button onClick={() => void leave()}>{said('account.sign_out')}</Button>}
      </div>
    </CardPage>
  );
}

/** The reason that a number of the interface is. */
export function reasonOf(detail: number): Reason | number {
  return REASONS.find((reason) => reason === String(detail)) ?? detail;
}
