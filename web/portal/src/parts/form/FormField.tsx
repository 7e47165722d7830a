import {
  Checkbox,
  Field,
  Input,
  makeStyles,
  Select,
  Switch,
  Textarea,
  tokens,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/context';
import { ruleText } from './rules';
import type { ChoiceField, FieldSpec, NumberField, SeveralField, TextField } from './spec';
import type { FormState } from './useForm';

const useStyles = makeStyles({
  field: {
    maxInlineSize: '36rem',
    minInlineSize: 0,
    // As wide as its place, not as its longest choice.
    '& select': { inlineSize: '100%', minInlineSize: 0 },
  },
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
  return (
    <Field
      className={styles.field}
      label={field.kind === 'switch' ? null : label}
      required={field.kind === 'text' && field.isRequired === true}
      hint={help}
      validationState={rule ? 'error' : 'none'}
      validationMessage={rule ? ruleText(t, rule) : null}
      data-field={field.name}
    >
      {control(form, field, label, styles)}
    </Field>
  );
}

function control<T extends object>(
  form: FormState<T>,
  field: FieldSpec<T>,
  label: string,
  styles: ReturnType<typeof useStyles>,
): ReactNode {
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
          onChange={(_, { checked }) => form.set(field.name, checked)}
          onBlur={() => form.touch(field.name)}
        />
      );
    case 'choice':
      return choiceControl(form, field, isDisabled);
    case 'several':
      return severalControl(form, field, isDisabled, styles.several, label);
    case 'custom':
      return field.render(
        {
          id: `field-${field.name}`,
          value,
          isDisabled,
          set: (next) => form.set(field.name, next),
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
  className: string,
  label: string,
): ReactNode {
  const value: unknown = form.values[field.name];
  const chosen: unknown[] = Array.isArray(value) ? value : [];
  const set = (one: string, isChosen: boolean | 'mixed'): void => {
    const words = field.choices.map(({ value }) => value);
    const next = words.filter((word) => (word === one ? isChosen === true : chosen.includes(word)));
    form.set(field.name, next);
  };
  return (
    <fieldset aria-label={label} className={className}>
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
