import { Button, Input, makeStyles, Textarea, tokens } from '@fluentui/react-components';
import { EditSettingsRegular } from '@fluentui/react-icons/svg/edit-settings';
import { isSame } from '@switchboard/client';
import { type ReactNode, useState } from 'react';
import type { FieldRule } from '../../../data/sources';
import { useT } from '../../../i18n/context';
import type { CustomProps } from '../../../parts/form';
import { isPlain, namesIn } from './model';
import { RulesDialog } from './RulesDialog';
import { rulesText } from './words';

const useStyles = makeStyles({
  row: { display: 'flex', alignItems: 'start', columnGap: tokens.spacingHorizontalS },
  input: { flexGrow: 1, minInlineSize: 0 },
});

/** The rules of a field: as long as they are names, a text; what does more has an editor. */
export function RulesInput(props: CustomProps & { label: string }): ReactNode {
  const { value, set, touch, isDisabled, label } = props;
  const styles = useStyles();
  const t = useT();
  const rules = (Array.isArray(value) ? value : []) as FieldRule[];
  const [written, setWritten] = useState('');
  const [isOpen, setOpen] = useState(false);
  const isText = isPlain(rules);
  // What somebody is writing stays as it is, with a comma at its end.
  const names = isText && isSame(namesIn(written), rules) ? written : rules.join(', ');
  return (
    <div className={styles.row}>
      {isText ? (
        <Input
          className={styles.input}
          value={names}
          disabled={isDisabled}
          autoComplete="off"
          spellCheck={false}
          onBlur={touch}
          onChange={(_, { value: text }) => {
            setWritten(text);
            set(namesIn(text));
          }}
        />
      ) : (
        <Textarea
          className={styles.input}
          value={rulesText(t, rules)}
          rows={Math.min(4, rules.length + 1)}
          readOnly
          disabled={isDisabled}
        />
      )}
      <Button
        icon={<EditSettingsRegular />}
        aria-label={t('rules.edit', { field: label })}
        title={t('rules.edit', { field: label })}
        disabled={isDisabled}
        onClick={() => setOpen(true)}
      />
      {isOpen && (
        <RulesDialog
          label={label}
          rules={rules}
          close={() => setOpen(false)}
          done={(next) => {
            set(next);
            touch();
            setOpen(false);
          }}
        />
      )}
    </div>
  );
}
