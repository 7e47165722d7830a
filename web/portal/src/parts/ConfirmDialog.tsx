import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useT } from '../i18n/context';
import { DialogScroll } from './DialogScroll';
import { ErrorBanner } from './ErrorBanner';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  list: { margin: 0, paddingInlineStart: '1.25rem', overflowWrap: 'anywhere' },
  danger: {
    backgroundColor: tokens.colorStatusDangerBackground3,
    color: tokens.colorNeutralForegroundOnBrand,
    ':hover': { backgroundColor: tokens.colorStatusDangerBackground3Hover },
  },
});

/** What somebody is about to do, and what follows from it. */
export interface Confirmation {
  title: string;
  /** One sentence on what happens. */
  text: string;
  /** What else follows; undefined while it is being found out. */
  consequences?: string[] | undefined;
  /** The word on the button: the deed itself, never only "OK". */
  verb: string;
  isDangerous?: boolean;
  /** What has to be typed first, so that nobody does it in passing. */
  typed?: string;
  act: () => Promise<unknown>;
}

/** Asks before something is done that cannot be taken back. */
export function ConfirmDialog({
  confirmation,
  close,
}: {
  confirmation: Confirmation;
  close: () => void;
}): ReactNode {
  const { title, text, consequences, verb, isDangerous, typed, act } = confirmation;
  const styles = useStyles();
  const t = useT();
  const deed = useMutation({ mutationFn: act, onSuccess: close });
  const [word, setWord] = useState('');
  const isMeant = typed === undefined || word.trim() === typed;
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => open || close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogScroll className={styles.content}>
            <span>{text}</span>
            {'consequences' in confirmation && <Consequences list={consequences} />}
            {typed !== undefined && (
              <Field label={t('confirm.type', { name: typed })}>
                <Input
                  value={word}
                  autoComplete="off"
                  onChange={(_, { value }) => setWord(value)}
                />
              </Field>
            )}
            {deed.isError && <ErrorBanner error={deed.error} />}
          </DialogScroll>
          <DialogActions>
            <Button onClick={close} disabled={deed.isPending}>
              {t('action.cancel')}
            </Button>
            <Button
              appearance="primary"
              className={isDangerous && isMeant ? styles.danger : undefined}
              disabledFocusable={deed.isPending || !isMeant}
              onClick={() => deed.mutate()}
            >
              {verb}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Consequences({ list }: { list: string[] | undefined }): ReactNode {
  const styles = useStyles();
  const t = useT();
  if (!list) {
    return <Spinner size="tiny" labelPosition="after" label={t('confirm.searching')} />;
  }
  if (list.length === 0) return <span>{t('confirm.nothing')}</span>;
  return (
    <div>
      <div>{t('confirm.consequences')}</div>
      <ul className={styles.list}>
        {list.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
