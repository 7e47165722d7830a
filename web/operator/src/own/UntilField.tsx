import { Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components';
import { localText, momentOf } from '@switchboard/portal/parts/form/MomentInput';
import type { ReactNode } from 'react';
import { useT } from '../i18n/words';
import { ENDS, type End, type Until } from './until';

const useStyles = makeStyles({
  fields: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  field: { flexGrow: 1, flexBasis: '12rem', minInlineSize: 0 },
});

/** Until when, among what is chosen most and any other moment. */
export function UntilField(props: {
  label: string;
  value: Until;
  set: (until: Until) => void;
  isPast: boolean;
}): ReactNode {
  const { label, value, set, isPast } = props;
  const styles = useStyles();
  const t = useT();
  return (
    <div className={styles.fields}>
      <Field label={label} className={styles.field}>
        <Select
          value={value.end}
          onChange={(_, { value: end }) => set({ ...value, end: end as End })}
        >
          {ENDS.map((end) => (
            <option key={end} value={end}>
              {t(`until.${end}`)}
            </option>
          ))}
        </Select>
      </Field>
      {value.end === 'other' && (
        <Field
          label={t('until.moment')}
          className={styles.field}
          {...(isPast && { validationMessage: t('until.past') })}
        >
          <Input
            type="datetime-local"
            value={value.at ? localText(value.at) : ''}
            onChange={(_, { value: text }) => set({ ...value, at: momentOf(text) })}
          />
        </Field>
      )}
    </div>
  );
}
