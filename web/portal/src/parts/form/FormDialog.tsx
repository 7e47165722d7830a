import type { ReactNode } from 'react';
import { DialogFrame } from '../DialogFrame';
import { Form } from './Form';
import type { FormState } from './useForm';
import { useUnsaved } from './useUnsaved';

/** A form in a dialog, which asks before what was entered is thrown away. */
export function FormDialog<T extends object>(props: {
  title: string;
  text?: string;
  form: FormState<T>;
  verb: string;
  close: () => void;
  /** What is said or chosen before the form. */
  children?: ReactNode;
}): ReactNode {
  const { title, text, form, verb, close, children } = props;
  const unsaved = useUnsaved(form.wouldLose);
  return (
    <DialogFrame title={title} close={() => unsaved.leave(close)}>
      {text && <span>{text}</span>}
      {children}
      <Form form={form} submitLabel={verb} cancel={close} unsaved={unsaved} />
      {unsaved.guard}
    </DialogFrame>
  );
}
