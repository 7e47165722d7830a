import { useMemo, useRef } from 'react';
import type { Editing } from '../useManaged';
import type { FormSpec } from './spec';
import { type FormState, useForm } from './useForm';
import type { Change } from './useKeptForm';

/** What a form in a dialog is about that makes an item, or changes one. */
export interface ItemOptions<Kept, Fields, Draft extends object> extends Editing<Kept> {
  tenant: string;
  spec: FormSpec<Draft>;
  /** What is written where there is no item yet. */
  blank: Draft;
  draftOf: (kept: Kept) => Draft;
  /** What can be set on an item, as it is now. */
  fieldsOf: (kept: Kept) => Fields;
  /** What is sent, of an item or of a new one. */
  sent: (draft: Draft, kept: Kept | null) => Fields;
  create: (tenant: string, fields: Fields) => Promise<Kept>;
  update: (tenant: string, id: string, change: Change<Fields>) => Promise<Kept>;
  read: (tenant: string, id: string) => Promise<Kept>;
  saved: (kept: Kept) => void;
  fieldAt?: (path: string) => string;
}

/** A form that makes an item or changes one: by revision, with what others have changed shown first. */
export function useItemForm<
  Kept extends { id: string; revision: number },
  Fields,
  Draft extends object,
>(options: ItemOptions<Kept, Fields, Draft>): FormState<Draft> {
  const { tenant, item, spec, blank, draftOf, fieldsOf, sent, fieldAt } = options;
  const { create, update, read, saved, changed, close } = options;
  // What the gateway keeps now, as far as somebody has seen it.
  const kept = useRef(item);
  return useForm<Draft>({
    spec,
    initial: useMemo(() => (item ? draftOf(item) : blank), [item, draftOf, blank]),
    ...(fieldAt && { fieldAt }),
    save: async (draft) => {
      const before = kept.current;
      const fields = sent(draft, before);
      const after = before
        ? await update(tenant, before.id, {
            revision: before.revision,
            base: fieldsOf(before),
            fields,
          })
        : await create(tenant, fields);
      saved(after);
      await changed();
      close();
      return undefined;
    },
    ...(item && {
      reload: async () => {
        const theirs = await read(tenant, item.id);
        kept.current = theirs;
        return draftOf(theirs);
      },
    }),
  });
}
