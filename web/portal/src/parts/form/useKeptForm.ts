import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useRef } from 'react';
import type { FormSpec } from './spec';
import { type FormState, useForm } from './useForm';

/** A change of a kept object: what differs from `base`, as long as it is still of `revision`. */
export interface Change<Fields> {
  revision: number;
  base: Fields;
  fields: Fields;
}

/** What a form on a kept object is about. */
export interface KeptOptions<Kept, Fields extends object> {
  spec: FormSpec<Fields>;
  kept: Kept;
  fieldsOf: (kept: Kept) => Fields;
  update: (change: Change<Fields>) => Promise<Kept>;
  /** Reads the object anew. */
  read: () => Promise<Kept>;
  /** Where the object is kept, and the lists that it is in. */
  keys: { one: QueryKey; lists: QueryKey };
  saved: (kept: Kept) => void;
  /** The revision that the next change is based on, where something else moves it on too. */
  revision?: RefObject<number>;
}

/** A form that changes a kept object: by revision, with what others have changed shown first. */
export function useKeptForm<Kept extends { revision: number }, Fields extends object>(
  options: KeptOptions<Kept, Fields>,
): FormState<Fields> {
  const { spec, kept, fieldsOf, update, read, keys, saved } = options;
  const client = useQueryClient();
  const own = useRef(kept.revision);
  const revision = options.revision ?? own;
  return useForm<Fields>({
    spec,
    initial: fieldsOf(kept),
    save: async (fields, base) => {
      const now = await update({ revision: revision.current, base, fields });
      revision.current = now.revision;
      client.setQueryData(keys.one, now);
      saved(now);
      await client.invalidateQueries({ queryKey: keys.lists });
      return fieldsOf(now);
    },
    reload: async () => {
      const theirs = await read();
      client.setQueryData(keys.one, theirs);
      revision.current = theirs.revision;
      return fieldsOf(theirs);
    },
  });
}
