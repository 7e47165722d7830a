import {
  Checkbox,
  Field,
  FieldContextProvider,
  type FieldControlProps,
  Input,
  makeStyles,
  mergeClasses,
  Select,
  Switch,
  Textarea,
  tokens,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/context';
import { ruleText } from '../reasons';
import type { ChoiceField, FieldSpec, Named, NumberField, SeveralField, TextField } from './spec';
import type { FormState } from './useForm';

const useStyles = makeStyles({
  field: {
    maxInlineSize: '36rem',
    minInlineSize: 0,
    // What cannot be changed can still be read.
    '& :is(input, select, textarea):disabled': { color: tokens.colorNeutralForeground2 },
    // As wide as its place, not as its longest choice.
    '& select': { inlineSize: '100%', minInlineSize: 0 },
  },
  noted: { minInlineSize: 0, maxInlineSize: '36rem' },
  wide: { gridColumn: '1 / -1', maxInlineSize: 'none' },
  several: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalM,
    margin: 0,
    padding: 0,
    border: 'none',
  },
  switch: {
    '& label': { overflowWrap: 'anywhere' },
    '& input:enabled ~ *': { color: tokens.colorNeutralForeground1 },
  },
});

interface Props<T extends object> {
  form: FormState<T>;
  field: FieldSpec<T>;
}

/** One field: label, help, control, and what is wrong with it. */
export function FormField<T extends object>({ form, field }: Props<T>): ReactNode {
  const styles = useStyles();
  const t = useT();
  const rule = form.refusal(field.name);
  const help = field.help ? t(field.help) : null;
  const label = t(field.label);
  const shown = (
    <Field
      className={mergeClasses(styles.field, field.isWide && styles.wide)}
      label={field.kind === 'switch' ? null : label}
      required={'isRequired' in field && field.isRequired === true}
      hint={help}
      validationState={rule ? 'error' : 'none'}
      validationMessage={
        rule && (
          <>
            {ruleText(t, rule)} {field.aid?.(rule, form.values[field.name])}
          </>
        )
      }
      data-field={field.name}
    >
      {(aria: FieldControlProps) => {
        const rendered = control(form, field, { styles, label, aria: named(aria) });
        if (!isGroup(field)) return rendered;
        // The label is the whole group's: what is in it has names of its own.
        return <FieldContextProvider value={undefined}>{rendered}</FieldContextProvider>;
      }}
    </Field>
  );
  if (!field.note) return shown;
  return (
    <div className={mergeClasses(styles.noted, field.isWide && styles.wide)}>
      {shown}
      {field.note}
    </div>
  );
}

function isGroup<T extends object>(field: FieldSpec<T>): boolean {
  return field.kind === 'several' || (field.kind === 'custom' && field.isGroup === true);
}

/** What names and describes a group of controls. */
function named(aria: FieldControlProps): Named {
  const { 'aria-labelledby': label, 'aria-describedby': description } = aria;
  return {
    ...(label && { 'aria-labelledby': label }),
    ...(description && { 'aria-describedby': description }),
  };
}

function control<T extends object>(
  form: FormState<T>,
  field: FieldSpec<T>,
  around: { styles: ReturnType<typeof useStyles>; label: string; aria: Named },
): ReactNode {
  const { styles, label, aria } = around;
  const value: unknown = form.values[field.name];
  const isDisabled = field.isDisabled?.(form.values) ?? false;
  switch (field.kind) {
    case 'text':
      return textControl(form, field, isDisabled);
    case 'number':
      return numberControl(form, field, isDisabled);
    case 'switch':
      return (
        <Switch
          className={styles.switch}
          label={label}
          checked={value === true}
          disabled={isDisabled}
          onChange={(_, { checked }) => {
            form.set(field.name, checked);
            form.touch(field.name);
          }}
        />
      );
    case 'choice':
      return choiceControl(form, field, isDisabled);
    case 'several':
      return severalControl(form, field, isDisabled, { className: styles.several, ...aria });
    case 'custom':
      return field.render(
        {
          ...(field.isGroup && aria),
          id: `field-${field.name}`,
          value,
          isDisabled,
          set: (next) => form.set(field.name, next),
          touch: () => form.touch(field.name),
        },
        form.values,
      );
  }
}

function textControl<T extends object>(
  form: FormState<T>,
  field: TextField<T>,
  isDisabled: boolean,
): ReactNode {
  const value = form.values[field.name];
  const shared = {
    value: typeof value === 'string' ? value : '',
    disabled: isDisabled,
    onBlur: () => form.touch(field.name),
  };
  const set = (text: string): void => form.set(field.name, text || field.isPlain ? text : null);
  if (field.lines) {
    return <Textarea {...shared} rows={field.lines} onChange={(_, { value }) => set(value)} />;
  }
  return (
    <Input
      {...shared}
      type={field.type ?? 'text'}
      autoComplete={field.autoComplete ?? 'off'}
      onChange={(_, { value }) => set(value)}
    />
  );
}

function numberControl<T extends object>(
  form: FormState<T>,
  field: NumberField<T>,
  isDisabled: boolean,
): ReactNode {
  const value = form.values[field.name];
  return (
    <Input
      type="number"
      min={field.min}
      max={field.max}
      value={typeof value === 'number' ? String(value) : ''}
      disabled={isDisabled}
      onChange={(_, { value }) => form.set(field.name, value === '' ? null : Number(value))}
      onBlur={() => form.touch(field.name)}
    />
  );
}

function choiceControl<T extends object>(
  form: FormState<T>,
  field: ChoiceField<T>,
  isDisabled: boolean,
): ReactNode {
  const value = form.values[field.name];
  return (
    <Select
      value={typeof value === 'string' ? value : ''}
      disabled={isDisabled}
      onChange={(_, { value }) => form.set(field.name, value || null)}
      onBlur={() => form.touch(field.name)}
    >
      {field.none !== undefined && <option value="">{field.none}</option>}
      {field.choices.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </Select>
  );
}

function severalControl<T extends object>(
  form: FormState<T>,
  field: SeveralField<T>,
  isDisabled: boolean,
  around: Named & { className: string },
): ReactNode {
  const value: unknown = form.values[field.name];
  const chosen: unknown[] = Array.isArray(value) ? value : [];
  const set = (one: string, isChosen: boolean | 'mixed'): void => {
    const words = field.choices.map(({ value }) => value);
    const next = words.filter((word) => (word === one ? isChosen === true : chosen.includes(word)));
    form.set(field.name, next);
  };
  return (
    <fieldset {...around}>
      {field.choices.map((choice) => (
        <Checkbox
          key={choice.value}
          label={choice.label}
          checked={chosen.includes(choice.value)}
          disabled={isDisabled}
          onChange={(_, { checked }) => set(choice.value, checked)}
        />
      ))}
    </fieldset>
  );
}
