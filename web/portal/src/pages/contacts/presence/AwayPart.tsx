import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { removeOutOfOffice, setOutOfOffice, type Whose } from '../../../data/presence';
import type { ClaimPart, Why } from '../../../data/why';
import { ErrorBanner } from '../../../parts/ErrorBanner';
import { FormDialog, type FormSpec, MomentInput, useForm } from '../../../parts/form';
import { useToasts } from '../../../parts/toasts';
import { Part } from './Part';
import { claimText, listText, type Speaker } from './sentences';
import { checkEnd } from './word';

const useStyles = makeStyles({
  text: { display: 'grid', rowGap: tokens.spacingVerticalXS, overflowWrap: 'anywhere' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

interface Draft {
  expires_at: string | null;
}

const SPEC: FormSpec<Draft> = {
  check: (draft) => checkEnd(draft, Date.now()),
  sections: [
    {
      fields: [
        {
          kind: 'custom',
          name: 'expires_at',
          label: 'presence.until',
          help: 'presence.until.help',
          render: (props) => <MomentInput {...props} />,
        },
      ],
    },
  ],
};

/** Whether the contact is out of office, who says so, and how to say or take it back. */
export function AwayPart(props: {
  whose: Whose;
  why: Why;
  word: ClaimPart | null;
  mark: ClaimPart | null;
  speaker: Speaker;
  maySet: boolean;
  changed: () => Promise<void>;
}): ReactNode {
  const { whose, why, word, mark, speaker, maySet, changed } = props;
  const styles = useStyles();
  const { t } = speaker;
  const toasts = useToasts();
  const [isOpen, setOpen] = useState(false);
  const back = useMutation({
    networkMode: 'always',
    mutationFn: () => removeOutOfOffice(whose),
    onSuccess: async () => {
      toasts.done(t('presence.away.taken'));
      await changed();
    },
  });
  const others = why.claims.filter(
    ({ claim, part }) =>
      claim.kind !== 'manual' && claim.is_out_of_office && !['expired', 'ignored'].includes(part),
  );
  const isInWord = Boolean(word?.claim.is_out_of_office && word.part !== 'ignored');
  const names = others.map(({ claim }) => claimText(speaker, claim));
  return (
    <Part title={t('presence.away')}>
      <div className={styles.text}>
        {mark && (
          <span>
            {mark.claim.expires_at
              ? t('presence.away.until', { at: mark.claim.expires_at })
              : t('presence.away.by_hand')}
          </span>
        )}
        {isInWord && <span>{t('presence.away.with_word')}</span>}
        {names.length > 0 && (
          <span>{t('presence.away.by', { claims: listText(speaker, names) })}</span>
        )}
        {!mark && !isInWord && names.length === 0 && <span>{t('presence.away.none')}</span>}
      </div>
      {back.error && <ErrorBanner error={back.error} />}
      {maySet && (
        <div className={styles.actions}>
          <Button onClick={() => setOpen(true)}>
            {t(mark ? 'presence.away.change' : 'presence.away.set')}
          </Button>
          {mark && (
            <Button disabledFocusable={back.isPending} onClick={() => back.mutate()}>
              {t('presence.away.back')}
            </Button>
          )}
        </div>
      )}
      {isOpen && (
        <AwayDialog
          whose={whose}
          until={mark?.claim.expires_at ?? null}
          t={t}
          changed={changed}
          close={() => setOpen(false)}
        />
      )}
    </Part>
  );
}

function AwayDialog(props: {
  whose: Whose;
  until: string | null;
  t: Speaker['t'];
  changed: () => Promise<void>;
  close: () => void;
}): ReactNode {
  const { whose, until, t, changed, close } = props;
  const toasts = useToasts();
  const form = useForm<Draft>({
    spec: SPEC,
    initial: useMemo(() => ({ expires_at: until }), [until]),
    save: async ({ expires_at }) => {
      await setOutOfOffice(whose, expires_at);
      toasts.done(t('presence.away.saved'));
      await changed();
      close();
      return undefined;
    },
  });
  return (
    <FormDialog
      title={t('presence.away.title')}
      form={form}
      verb={t('presence.away.verb')}
      close={close}
    />
  );
}
