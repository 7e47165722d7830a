import { Button, Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import {
  addNote,
  MAX_NOTES,
  type Note,
  notesQuery,
  removeNote,
  updateNote,
} from '@switchboard/portal/data/presence';
import { useWords } from '@switchboard/portal/i18n/context';
import { ErrorBanner } from '@switchboard/portal/parts/ErrorBanner';
import { Panel } from '@switchboard/portal/parts/Panel';
import { useToasts } from '@switchboard/portal/parts/toasts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react';
import { usePlace, usePresence } from '../app/roomContext';
import { useT } from '../i18n/words';
import { UntilField } from './UntilField';
import { isToday, momentOfEnd, OPEN } from './until';

const KINDS = ['personal', 'out_of_office', 'appointment'] as const;

type Kind = (typeof KINDS)[number];

const useStyles = makeStyles({
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  form: { display: 'grid', rowGap: tokens.spacingVerticalM },
  list: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  note: { display: 'flex', alignItems: 'start', columnGap: tokens.spacingHorizontalS },
  words: { flexGrow: 1, minInlineSize: 0, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' },
  about: {
    display: 'block',
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
  },
});

/** What is said beside the state: a status message, and other notes. */
export function MessagePart(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { session, own } = usePlace();
  const whose = { tenant: session.tenant, contact: own };
  const client = useQueryClient();
  const toasts = useToasts();
  const id = useId();
  const query = { ...notesQuery(whose), refetchInterval: false as const };
  const { data, error, refetch } = useQuery(query);
  const told = usePresence(own)?.asnCustomNote;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the same while the place is
  useEffect(() => {
    if (told) void client.invalidateQueries({ queryKey: query.queryKey });
  }, [told, client]);
  const changed = (): Promise<void> => client.invalidateQueries({ queryKey: query.queryKey });
  const drop = useMutation({
    mutationFn: (note: Note) => removeNote(whose, note.id),
    onSuccess: async () => {
      toasts.done(t('message.removed'));
      await changed();
    },
    onError: (refused) => toasts.failed(refused),
  });
  const notes = data?.items ?? [];
  return (
    <section aria-labelledby={id}>
      <Panel>
        <h2 id={id} className={styles.title}>
          {t('message.title')}
        </h2>
        {error && <ErrorBanner error={error} retry={() => void refetch()} />}
        {notes.length > 0 && (
          <ul className={styles.list}>
            {notes.toReversed().map((note) => (
              <li key={note.id} className={styles.note}>
                <span className={styles.words}>
                  {note.text}
                  <About note={note} />
                </span>
                <Button
                  appearance="subtle"
                  size="small"
                  icon={<DeleteRegular />}
                  aria-label={t('message.drop', { text: note.text.slice(0, 60) })}
                  title={t('message.drop', { text: note.text.slice(0, 60) })}
                  disabledFocusable={drop.isPending}
                  onClick={() => drop.mutate(note)}
                />
              </li>
            ))}
          </ul>
        )}
        <Writing notes={notes} changed={changed} />
      </Panel>
    </section>
  );
}

function About({ note }: { note: Note }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const said = useWords().t;
  const end = note.expires_at;
  const parts = [
    note.kind === 'personal' ? '' : said(`notes.kind.${note.kind}`),
    end ? t(isToday(end, Date.now()) ? 'own.until.today' : 'own.until', { at: end }) : '',
  ].filter(Boolean);
  return parts.length > 0 && <span className={styles.about}>{parts.join(' · ')}</span>;
}

/** Sets the status message in place of the one before, or adds another note. */
function Writing(props: { notes: readonly Note[]; changed: () => Promise<void> }): ReactNode {
  const { notes, changed } = props;
  const styles = useStyles();
  const t = useT();
  const said = useWords().t;
  const { session, own } = usePlace();
  const whose = { tenant: session.tenant, contact: own };
  const toasts = useToasts();
  const [text, setText] = useState('');
  const [kind, setKind] = useState<Kind>('personal');
  const [until, setUntil] = useState(OPEN);
  const [isPast, setPast] = useState(false);
  const before = notes.findLast((note) => note.kind === kind && note.source === 'manual');
  const isFull = !before && notes.length >= MAX_NOTES;
  const write = useMutation({
    mutationFn: async (expires_at: string | null) => {
      const fields = { text: text.trim(), kind, expires_at };
      await (before ? updateNote(whose, before.id, fields) : addNote(whose, fields));
    },
    onSuccess: async () => {
      toasts.done(t('message.saved'));
      setText('');
      setUntil(OPEN);
      await changed();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const end = momentOfEnd(until, Date.now());
    setPast(end === 'past');
    if (end !== 'past' && text.trim() && !isFull && !write.isPending) write.mutate(end);
  };
  return (
    <form noValidate className={styles.form} onSubmit={submit}>
      {write.error && <ErrorBanner error={write.error} />}
      <Field label={t('message.text')}>
        <Input value={text} maxLength={500} onChange={(_, { value }) => setText(value)} />
      </Field>
      {text.trim() && (
        <>
          <UntilField label={t('message.until')} value={until} set={setUntil} isPast={isPast} />
          <Field label={t('message.about')}>
            <Select value={kind} onChange={(_, { value }) => setKind(value as Kind)}>
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {said(`notes.kind.${one}`)}
                </option>
              ))}
            </Select>
          </Field>
          {isFull && <span>{said('notes.full', { max: MAX_NOTES })}</span>}
          <div>
            <Button
              type="submit"
              appearance="primary"
              disabledFocusable={write.isPending || isFull}
            >
              {t('message.set')}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}
