import { useRef } from 'react';
import { type FormOptions, type FormState, useForm } from '../../parts/form';
import { draftFieldAt, mappedOf, type SourceDraft } from './draft';
import { defaultMapping } from './mapping';

/** The form of a source: attributes that are not its own are always those of its kind. */
export function useSourceForm(options: FormOptions<SourceDraft>): FormState<SourceDraft> {
  const kind = useRef(options.initial.kind);
  const form = useForm({ ...options, fieldAt: (path) => draftFieldAt(path, kind.current) });
  kind.current = form.values.kind;
  return {
    ...form,
    set(name, value) {
      form.set(name, value);
      const next = { ...form.values, [name]: value };
      if (next.is_mapped || !['kind', 'format', 'is_mapped'].includes(name)) return;
      const mapped = mappedOf(defaultMapping(next));
      for (const field of Object.keys(mapped) as (keyof typeof mapped)[]) {
        form.set(field, mapped[field]);
      }
    },
  };
}
