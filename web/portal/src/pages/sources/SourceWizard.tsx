import { makeStyles, tokens } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { createSource, type Source, setSecret } from '../../data/sources';
import { useT } from '../../i18n/context';
import { Form, type FormState } from '../../parts/form';
import { checkFields } from '../../parts/form/rules';
import { fieldsOf } from '../../parts/form/spec';
import { useToasts } from '../../parts/toasts';
import { Wizard } from '../../parts/Wizard';
import { fieldsOfDraft, newDraft, type SourceDraft } from './draft';
import { FillFromAddressBook } from './FillFromAddressBook';
import { TestConnection } from './probe/TestConnection';
import { TryOut } from './probe/TryOut';
import { secretKindOf } from './service';
import { type SourceSections, useSourceSections, useSourceSpec } from './spec';
import { useSourceForm } from './useSourceForm';

type Step = keyof SourceSections;

const STEPS = ['connection', 'mapping', 'schedule'] as const;

/** Which steps there are: of a SIP server nobody is read. */
function stepsOf({ kind }: SourceDraft): readonly Step[] {
  return kind === 'sip' ? ['connection'] : STEPS;
}

const useStyles = makeStyles({
  title: { margin: 0, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
});

/** Makes a source in steps: where it is, what is read, and when; goes on where `made` says. */
export function SourceWizard(props: {
  tenant: string;
  made: (source: Source) => void | Promise<void>;
  cancel: () => void;
}): ReactNode {
  const { tenant, cancel } = props;
  const styles = useStyles();
  const t = useT();
  const sections = useSourceSections(true);
  const form = useNewSource(tenant, props.made);
  const [step, setStep] = useState<Step>('connection');

  // What the gateway refused may be on an earlier step.
  const refusedAt = STEPS.find((one) =>
    sections[one].some(({ fields }) => fields.some(({ name }) => form.refusal(name) !== null)),
  );
  useEffect(() => {
    if (!form.isBusy && refusedAt) setStep(refusedAt);
  }, [form.isBusy, refusedAt]);

  const steps = stepsOf(form.values);
  const at = steps.indexOf(step);
  const isLast = at === steps.length - 1;
  const before = steps[at - 1];
  const shown = stepOf(form, sections[step], () => setStep(steps[at + 1] ?? step));
  const subject = {
    tenant,
    source: null,
    fields: fieldsOfDraft(form.values),
    secret: secretKindOf(form.values) ? form.values.secret : '',
  };
  const content = (
    <Form
      key={step}
      form={isLast ? { ...shown, submit: form.submit } : shown}
      submitLabel={t(isLast ? 'sources.add' : 'wizard.next')}
      cancel={cancel}
      back={before && (() => setStep(before))}
    >
      {step === 'connection' && <TestConnection subject={subject} />}
      {step === 'schedule' && <FillFromAddressBook tenant={tenant} form={form} />}
      {step === 'mapping' && (
        <>
          <h2 className={styles.title}>{t('try.title')}</h2>
          <TryOut subject={subject} isShown />
        </>
      )}
    </Form>
  );
  return (
    <Wizard
      at={step}
      steps={steps.map((id) => ({ id, title: t(`sources.step.${id}`), content }))}
    />
  );
}

/** The form of all steps together, which makes the source and keeps its secret. */
function useNewSource(
  tenant: string,
  goOn: (source: Source) => void | Promise<void>,
): FormState<SourceDraft> {
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const [initial] = useState(newDraft);
  const made = async (source: Source, secret: string): Promise<void> => {
    const { id, name } = source;
    const kept = secret ? setSecret(tenant, id, secret) : Promise.resolve();
    await kept.then(
      () => toasts.done(t('source.created', { name })),
      () => toasts.done(t('source.created.no_secret', { name })),
    );
    await client.invalidateQueries({ queryKey: ['sources', tenant] });
    await goOn(source);
  };
  return useSourceForm({
    spec: useSourceSpec(true),
    initial,
    save: async (draft) => {
      const source = await createSource(tenant, fieldsOfDraft(draft));
      await made(source, secretKindOf(draft) ? draft.secret : '');
      return undefined;
    },
  });
}

/** The part of a form that one step shows; it goes on when nothing in it is refused. */
function stepOf(
  form: FormState<SourceDraft>,
  sections: SourceSections[Step],
  next: () => void,
): FormState<SourceDraft> {
  const spec = { ...form.spec, sections };
  const names = new Set<string>(fieldsOf(spec).map(({ name }) => name));
  return {
    ...form,
    spec,
    submit() {
      for (const { name } of fieldsOf(spec)) form.touch(name);
      if (!checkFields(spec, form.values).some(({ field }) => names.has(field))) next();
    },
  };
}
