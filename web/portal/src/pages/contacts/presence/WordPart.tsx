import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { removeManual, type Whose } from '../../../data/presence';
import type { ClaimPart, Why } from '../../../data/why';
import { ErrorBanner } from '../../../parts/ErrorBanner';
import { useToasts } from '../../../parts/toasts';
import { Part } from './Part';
import { endOf, type Speaker, saidText } from './sentences';
import { WordDialog } from './WordDialog';

const useStyles = makeStyles({
  text: { overflowWrap: 'anywhere' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** What is said by hand, and how to say or take it back. */
export function WordPart(props: {
  whose: Whose;
  why: Why;
  word: ClaimPart | null;
  speaker: Speaker;
  maySet: boolean;
  changed: () => Promise<void>;
}): ReactNode {
  const { whose, why, word, speaker, maySet, changed } = props;
  const styles = useStyles();
  const { t } = speaker;
  const toasts = useToasts();
  const [isOpen, setOpen] = useState(false);
  const back = useMutation({
    networkMode: 'always',
    mutationFn: () => removeManual(whose),
    onSuccess: async () => {
      toasts.done(t('presence.word.taken'));
      await changed();
    },
  });
  return (
    <Part title={t('presence.word')}>
      <span className={styles.text}>{word ? given(word) : t('presence.word.none')}</span>
      {back.error && <ErrorBanner error={back.error} />}
      {maySet && (
        <div className={styles.actions}>
          <Button appearance={word ? 'secondary' : 'primary'} onClick={() => setOpen(true)}>
            {t(word ? 'presence.word.change' : 'presence.word.set')}
          </Button>
          {word && (
            <Button disabledFocusable={back.isPending} onClick={() => back.mutate()}>
              {t('presence.word.back')}
            </Button>
          )}
        </div>
      )}
      {isOpen && (
        <WordDialog
          whose={whose}
          word={word}
          speaker={speaker}
          changed={changed}
          close={() => setOpen(false)}
        />
      )}
    </Part>
  );

  function given({ claim, part, expires_in_seconds: rest }: ClaimPart): string {
    const end = endOf(why.at, claim.expires_at, rest);
    return [
      t('presence.word.given', { state: saidText(speaker, claim), at: claim.since }),
      end ? t('presence.word.until', { at: end }) : t('presence.word.open'),
      part === 'ignored' ? t('presence.word.ignored') : '',
    ]
      .filter(Boolean)
      .join(' ');
  }
}
