import { type ReactNode, useMemo } from 'react';
import {
  addNote,
  type Note,
  type NoteFields,
  updateNote,
  type Whose,
} from '../../../data/presence';
import type { Translate } from '../../../i18n/catalogue';
import { useT } from '../../../i18n/context';
import { FormDialog, type FormSpec, MomentInput, useForm } from '../../../parts/form';
import { useToasts } from '../../../parts/toasts';
import { checkEnd } from './word';

type Draft = Required<Omit<NoteFields, 'source'>> & { expires_at: string | null };

const KINDS = ['personal', 'appointment', 'out_of_office'] as const;

/** Adds a note, or changes one; whoever wrote it stays its source. */
export function NoteDialog(props: {
  whose: Whose;
  note: Note | null;
  changed: () => Promise<void>;
  close: () => void;
}): ReactNode {
  const { whose, note, changed, close } = props;
  const t = useT();
  const toasts = useToasts();
  const spec = useMemo(() => specOf(t), [t]);
  const form = useForm<Draft>({
    spec,
    initial: useMemo(
      () => ({
        text: note?.text ?? '',
        kind: note?.kind ?? 'personal',
        expires_at: note?.expires_at ?? null,
      }),
      [note],
    ),
    save: async (draft) => {
      const fields = { ...draft, text: draft.text.trim() };
      await (note ? updateNote(whose, note.id, fields) : addNote(whose, fields));
      toasts.done(t('notes.saved'));
      await changed();
      close();
      return undefined;
    },
  });
  return (
    <FormDialog
      title={t(note ? 'notes.change' : 'notes.new')}
      form={form}
      verb={t(note ? 'action.save' : 'notes.add')}
      close={close}
    />
  );
}

function specOf(t: Translate): FormSpec<Draft> {
  return {
    check: (draft) => checkEnd(draft, Date.now()),
    sections: [
      {
        fields: [
          {
            kind: 'text',
            name: 'text',
            label: 'notes.text',
            max: 500,
            lines: 3,
            isRequired: true,
            isPlain: true,
          },
          {
            kind: 'choice',
            name: 'kind',
            label: 'notes.kind',
            help: 'notes.kind.help',
            choices: KINDS.map((value) => ({ value, label: t(`notes.kind.${value}`) })),
          },
          {
            kind: 'custom',
            name: 'expires_at',
            label: 'presence.until',
            help: 'presence.until.note',
            render: (props) => <MomentInput {...props} />,
          },
        ],
      },
    ],
  };
}
