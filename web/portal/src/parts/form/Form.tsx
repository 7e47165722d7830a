import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { type ReactNode, useEffect, useRef } from 'react';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../ErrorBanner';
import { LINE_ABOVE } from '../lines';
import { ConflictDialog } from './ConflictDialog';
import { FormField } from './FormField';
import type { SectionSpec } from './spec';
import type { FormState } from './useForm';
import { type Unsaved, useUnsaved } from './useUnsaved';

const useStyles = makeStyles({
  form: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalXXL,
    maxInlineSize: '76rem',
  },
  section: {
    margin: 0,
    padding: 0,
    minInlineSize: 0,
    border: 'none',
  },
  legend: {
    padding: 0,
    marginBlockEnd: tokens.spacingVerticalM,
    fontSize: tokens.fontSizeBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  fields: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 20rem), 1fr))',
    gap: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXXL}`,
    maxInlineSize: '76rem',
    alignItems: 'start',
  },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    position: 'sticky',
    insetBlockEnd: 0,
    paddingBlock: tokens.spacingVerticalM,
    backgroundColor: tokens.colorNeutralBackground1,
    ...LINE_ABOVE,
    zIndex: 1,
  },
});

/** A form: its fields by section, what went wrong, and what can be done. */
export function Form<T extends object>(props: {
  form: FormState<T>;
  submitLabel: string;
  /** Gives up; asked about before changes are lost, wherever that leads. */
  cancel?: () => void;
  /** Goes back without giving up, in place of `cancel`. */
  back?: (() => void) | undefined;
  /** Where something around the form can be left as well: what asks for both. */
  unsaved?: Unsaved;
  /** Nothing can be changed, so there is nothing to send. */
  isReadOnly?: boolean;
  /** What can be done with the values before they are sent. */
  children?: ReactNode;
}): ReactNode {
  const { form, submitLabel, cancel, back, isReadOnly = false } = props;
  const styles = useStyles();
  const t = useT();
  const element = useRef<HTMLFormElement>(null);
  const attempts = useRef(0);
  const own = useUnsaved(form.wouldLose);
  const { leave } = props.unsaved ?? own;
  const way = back ?? (cancel && (() => leave(cancel)));
  const refusedNow = form.spec.sections
    .flatMap(({ fields }) => fields)
    .find(({ name }) => form.refusal(name) !== null)?.name;

  // After an attempt the first refused field is where to go on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new attempt moves the focus
  useEffect(() => {
    if (attempts.current === 0 || form.isBusy || !refusedNow) return;
    attempts.current = 0;
    const selector = `[data-field="${refusedNow}"] :is(input, select, textarea)`;
    element.current?.querySelector<HTMLElement>(selector)?.focus();
  }, [refusedNow, form.isBusy, form.error, form.values]);

  return (
    <form
      ref={element}
      noValidate
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        attempts.current += 1;
        form.submit();
      }}
    >
      {form.error ? <ErrorBanner error={form.error} /> : null}
      {form.spec.sections.map((section) => (
        <Section key={section.title ?? ''} form={form} section={section} isReadOnly={isReadOnly} />
      ))}
      {props.children}
      {!isReadOnly && (
        <div className={styles.actions}>
          <Button appearance="primary" type="submit" disabledFocusable={form.isBusy}>
            {form.isBusy && <Spinner size="extra-tiny" />}
            {submitLabel}
          </Button>
          {way && (
            <Button onClick={way} disabled={form.isBusy}>
              {t(back ? 'wizard.back' : 'action.cancel')}
            </Button>
          )}
        </div>
      )}
      {!props.unsaved && own.guard}
      {form.conflict && <ConflictDialog form={form} conflict={form.conflict} />}
    </form>
  );
}

function Section<T extends object>(props: {
  form: FormState<T>;
  section: SectionSpec<T>;
  isReadOnly: boolean;
}): ReactNode {
  const { form, section, isReadOnly } = props;
  const styles = useStyles();
  const t = useT();
  const shown = section.fields.filter(({ isShown }) => isShown?.(form.values) ?? true);
  if (shown.length === 0) return null;
  return (
    <fieldset className={styles.section} disabled={isReadOnly}>
      {section.title && <legend className={styles.legend}>{t(section.title)}</legend>}
      <div className={styles.fields}>
        {shown.map((field) => (
          <FormField key={field.name} form={form} field={field} />
        ))}
      </div>
    </fieldset>
  );
}
