import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { isSame } from '@switchboard/client';
import type { ReactNode } from 'react';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { type FieldSpec, fieldsOf } from './spec';
import { changed, type FormState } from './useForm';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  list: { display: 'grid', rowGap: tokens.spacingVerticalM, margin: 0 },
  name: { fontWeight: tokens.fontWeightSemibold },
  values: { margin: 0, overflowWrap: 'anywhere' },
});

/** Shows what somebody else has changed meanwhile, and asks how to go on. */
export function ConflictDialog<T extends object>(props: {
  form: FormState<T>;
  conflict: { base: T; theirs: T };
}): ReactNode {
  const { form, conflict } = props;
  const styles = useStyles();
  const t = useT();
  const theirs = changed(conflict.base, conflict.theirs);
  const fields = fieldsOf(form.spec).filter(({ name }) => name in theirs);
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('form.conflict.title')}</DialogTitle>
          <DialogContent className={styles.content}>
            <span>{t(fields.length > 0 ? 'form.conflict.text' : 'form.conflict.hidden')}</span>
            <dl className={styles.list}>
              {fields.map((field) => (
                <Difference key={field.name} field={field} form={form} conflict={conflict} />
              ))}
            </dl>
          </DialogContent>
          <DialogActions fluid>
            <Button onClick={() => form.resolve(true)}>{t('form.conflict.keep')}</Button>
            <Button appearance="primary" onClick={() => form.resolve(false)}>
              {t('form.conflict.reload')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Difference<T extends object>(props: {
  field: FieldSpec<T>;
  form: FormState<T>;
  conflict: { base: T; theirs: T };
}): ReactNode {
  const { field, form, conflict } = props;
  const styles = useStyles();
  const t = useT();
  const [before, now, mine] = [conflict.base, conflict.theirs, form.values].map((values) =>
    shown(t, field, values[field.name]),
  );
  const isMine = !isSame(conflict.base[field.name], form.values[field.name]);
  return (
    <div>
      <dt className={styles.name}>{t(field.label)}</dt>
      <dd className={styles.values}>{t('form.conflict.change', { before, now })}</dd>
      {isMine && <dd className={styles.values}>{t('form.conflict.mine', { mine })}</dd>}
    </div>
  );
}

function shown<T>(t: Translate, field: FieldSpec<T>, value: unknown): string {
  if (field.kind === 'custom' && field.describe) return field.describe(value) || t('value.none');
  if (field.kind === 'switch') return t(value === true ? 'value.yes' : 'value.no');
  const label = (word: unknown): string => {
    const choices = 'choices' in field ? field.choices : [];
    return choices.find((choice) => choice.value === word)?.label ?? String(word);
  };
  if (value === null || value === undefined || value === '') return t('value.none');
  if (Array.isArray(value)) {
    return value
      .map((one) => (typeof one === 'object' ? JSON.stringify(one) : label(one)))
      .join(', ');
  }
  return typeof value === 'object' ? JSON.stringify(value) : label(value);
}
