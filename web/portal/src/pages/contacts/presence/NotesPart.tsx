import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import {
  MAX_NOTES,
  type Note,
  notesQuery,
  removeNote,
  type SourceNote,
  type Whose,
} from '../../../data/presence';
import { useT } from '../../../i18n/context';
import { Bones } from '../../../parts/Bones';
import { ConfirmDialog } from '../../../parts/ConfirmDialog';
import { ErrorBanner } from '../../../parts/ErrorBanner';
import { LINE_ABOVE } from '../../../parts/lines';
import { useToasts } from '../../../parts/toasts';
import { NoteDialog } from './NoteDialog';
import { Part } from './Part';
import { type Speaker, sourceText } from './sentences';

const useStyles = makeStyles({
  list: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  note: {
    display: 'flex',
    alignItems: 'start',
    columnGap: tokens.spacingHorizontalXS,
    paddingBlock: tokens.spacingVerticalS,
    ...LINE_ABOVE,
  },
  words: { flexGrow: 1, minInlineSize: 0, overflowWrap: 'anywhere' },
  text: { whiteSpace: 'pre-wrap' },
  about: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  buttons: { display: 'flex', flexShrink: 0 },
});

/** The notes of a contact: added, changed and removed here. */
export function NotesPart(props: {
  whose: Whose;
  maySet: boolean;
  sourceName: Speaker['sourceName'];
}): ReactNode {
  const { whose, maySet, sourceName } = props;
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const query = notesQuery(whose);
  const { data, error, refetch } = useQuery(query);
  const notes = data?.items;
  const ofSources = data?.of_sources ?? [];
  const [edited, setEdited] = useState<Note | 'new' | null>(null);
  const [removed, setRemoved] = useState<Note | null>(null);
  const changed = (): Promise<void> => client.invalidateQueries({ queryKey: query.queryKey });
  const isFull = (notes?.length ?? 0) >= MAX_NOTES;
  const add = maySet && (
    <Button
      size="small"
      icon={<AddRegular />}
      disabledFocusable={isFull}
      onClick={() => setEdited('new')}
    >
      {t('notes.add')}
    </Button>
  );
  return (
    <Part title={t('notes.title')} actions={add}>
      {error && <ErrorBanner error={error} retry={() => void refetch()} />}
      {!notes && !error && <Bones rows={1} />}
      {notes?.length === 0 && ofSources.length === 0 && <span>{t('notes.empty')}</span>}
      {isFull && <span>{t('notes.full', { max: MAX_NOTES })}</span>}
      {notes && notes.length + ofSources.length > 0 && (
        <ul className={styles.list}>
          {ofSources.map((note) => (
            <li key={`${note.source} ${note.text}`} className={styles.note}>
              <div className={styles.words}>
                <div className={styles.text} lang={note.language ?? undefined}>
                  {note.text}
                </div>
                <div className={styles.about}>{aboutSource(note)}</div>
              </div>
            </li>
          ))}
          {notes.toReversed().map((note) => (
            <li key={note.id} className={styles.note}>
              <div className={styles.words}>
                <div className={styles.text}>{note.text}</div>
                <div className={styles.about}>{about(note)}</div>
              </div>
              {maySet && (
                <div className={styles.buttons}>
                  <Button
                    appearance="subtle"
                    size="small"
                    icon={<EditRegular />}
                    aria-label={t('notes.edit', { text: short(note.text) })}
                    title={t('action.edit')}
                    onClick={() => setEdited(note)}
                  />
                  <Button
                    appearance="subtle"
                    size="small"
                    icon={<DeleteRegular />}
                    aria-label={t('notes.remove', { text: short(note.text) })}
                    title={t('action.delete')}
                    onClick={() => setRemoved(note)}
                  />
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {edited && (
        <NoteDialog
          whose={whose}
          note={edited === 'new' ? null : edited}
          changed={changed}
          close={() => setEdited(null)}
        />
      )}
      {removed && (
        <ConfirmDialog
          close={() => setRemoved(null)}
          confirmation={{
            title: t('notes.remove.title'),
            text: t('notes.remove.text', { text: short(removed.text) }),
            verb: t('action.delete'),
            isDangerous: true,
            act: async () => {
              await removeNote(whose, removed.id);
              toasts.done(t('notes.removed'));
              await changed();
            },
          }}
        />
      )}
    </Part>
  );

  function aboutSource({ kind, source }: SourceNote): string {
    const by = t('notes.of_source', { source: sourceText(source, sourceName) });
    return [t(`notes.kind.${kind}`), by].join(' · ');
  }

  function about({ kind, source, created_at, expires_at }: Note): string {
    return [
      t(`notes.kind.${kind}`),
      source === 'manual' ? t('notes.by_hand') : t('notes.by', { source: sourceText(source) }),
      t('notes.at', { at: created_at }),
      expires_at ? t('notes.until', { at: expires_at }) : '',
    ]
      .filter(Boolean)
      .join(' · ');
  }
}

const SHORT = 60;

/** The beginning of a text, where the whole would be too much. */
function short(text: string): string {
  const letters = [...text];
  return letters.length > SHORT ? `${letters.slice(0, SHORT).join('')} …` : text;
}
