export { Form } from './Form';
export { FormDialog } from './FormDialog';
export { LinesInput, linesIn } from './LinesInput';
export { localText, MomentInput, momentOf } from './MomentInput';
export { afterPress } from './presses';
export type { Refusal } from './rules';
export type { Choice, CustomProps, FieldSpec, FormSpec, SectionSpec, TextField } from './spec';
export { type FormOptions, type FormState, useForm } from './useForm';
export { type Change, useKeptForm } from './useKeptForm';
