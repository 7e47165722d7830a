import { isProblem, isSame } from '@switchboard/client';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { afterPress, watchPresses } from './presses';
import { checkFields, type Refusal, refusalsOf } from './rules';
import { type FormSpec, fieldsOf } from './spec';

/** What a form is about. */
export interface FormOptions<T extends object> {
  spec: FormSpec<T>;
  /** The values that are kept now. */
  initial: T;
  /**
   * Sends the values; `base` are those that the change is based on. Gives what is kept now, where the
   * form stays.
   */
  save: (values: T, base: T) => Promise<T | undefined>;
  /** Reads the values again, when somebody else has changed them. */
  reload?: () => Promise<T>;
  /** The field that shows a value of the gateway, where it has another name; its path's first word else. */
  fieldAt?: (path: string) => string;
}

/** A form at work. */
export interface FormState<T extends object> {
  spec: FormSpec<T>;
  values: T;
  set: (name: keyof T & string, value: unknown) => void;
  touch: (name: keyof T & string) => void;
  /** What is wrong with a field, as far as somebody should be told by now. */
  refusal: (name: keyof T & string) => Refusal['rule'] | null;
  isDirty: boolean;
  isBusy: boolean;
  /** What went wrong and belongs to no field. */
  error: unknown;
  /** Somebody else's changes, when there were any: the values before and now. */
  conflict: { base: T; theirs: T } | null;
  submit: () => void;
  /** Goes on from their values; with our own changes on top when `isKept`. */
  resolve: (isKept: boolean) => void;
  /** Goes on from what is kept now; for a form in which nothing was changed. */
  renew: (kept: T) => void;
  /** Whether leaving would lose something, at this very moment. */
  wouldLose: () => boolean;
}

/** Keeps the values of a form, checks them while they change, and sends them. */
export function useForm<T extends object>(options: FormOptions<T>): FormState<T> {
  const { spec, initial, save, reload, fieldAt } = options;
  const [base, setBase] = useState(initial);
  const [values, setValues] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<Refusal[]>([]);
  const [conflict, setConflict] = useState<FormState<T>['conflict']>(null);
  const isSaved = useRef(false);
  const isDirty = !isSame(base, values);
  const own = checkFields(spec, values);
  const names = new Set<string>(fieldsOf(spec).map(({ name }) => name));
  useEffect(watchPresses, []);

  const saving = useMutation({
    networkMode: 'always',
    mutationFn: async () => {
      isSaved.current = true;
      try {
        return await save(values, base);
      } catch (error) {
        isSaved.current = false;
        throw error;
      }
    },
    onSuccess(kept) {
      if (!kept) return;
      setBase(kept);
      setValues(kept);
      setTouched(new Set());
    },
    onError: async (error) => {
      if (!isProblem(error)) return;
      setRefused(refusalsOf(error, fieldAt));
      if (error.kind === 'changed_meanwhile' && reload) {
        setConflict({ base, theirs: await reload() });
      }
    },
  });

  const isForField = refused.length > 0 && refused.every(({ field }) => names.has(field));
  const isConflict = conflict !== null;
  return {
    spec,
    values,
    isDirty,
    conflict,
    isBusy: saving.isPending,
    error: isForField || isConflict ? null : saving.error,
    set(name, value) {
      // What is being sent stays as it is; disabled fields would lose the focus.
      if (saving.isPending) return;
      isSaved.current = false;
      setValues((before) => ({ ...before, [name]: value }));
      setRefused((before) => before.filter(({ field }) => field !== name));
    },
    touch: (name) => afterPress(() => setTouched((before) => new Set(before).add(name))),
    refusal(name) {
      const theirs = refused.find(({ field }) => field === name);
      const mine = touched.has(name) ? own.find(({ field }) => field === name) : undefined;
      return (theirs ?? mine)?.rule ?? null;
    },
    submit() {
      setTouched(names);
      if (own.length === 0 && !saving.isPending) saving.mutate();
    },
    resolve(isKept) {
      if (!conflict) return;
      setBase(conflict.theirs);
      setValues(
        isKept ? { ...conflict.theirs, ...changed(conflict.base, values) } : conflict.theirs,
      );
      setConflict(null);
      setRefused([]);
      saving.reset();
    },
    renew(kept) {
      setBase(kept);
      setValues(kept);
    },
    wouldLose: () => isDirty && !isSaved.current,
  };
}

/** The fields of `after` that differ from `before`. */
export function changed<T extends object>(before: T, after: T): Partial<T> {
  const names = Object.keys(after) as (keyof T)[];
  const differing = names.filter((name) => !isSame(before[name], after[name]));
  return Object.fromEntries(differing.map((name) => [name, after[name]])) as Partial<T>;
}
