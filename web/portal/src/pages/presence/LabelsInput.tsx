import { Button, Input, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/context';
import type { CustomProps } from '../../parts/form';
import { type Label, MAX_LABELS, refusalAt } from './named';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'start',
    rowGap: tokens.spacingVerticalXS,
    margin: 0,
    padding: 0,
    border: 'none',
    minInlineSize: 0,
  },
  row: { display: 'flex', columnGap: tokens.spacingHorizontalXS, inlineSize: '100%' },
  language: { flex: '0 0 6rem', minInlineSize: 0, '& input': { minInlineSize: 0 } },
  label: { flexGrow: 1, minInlineSize: 0, '& input': { minInlineSize: 0 } },
});

/** What a state is called in other languages: a tag and a text for each. */
export function LabelsInput(props: CustomProps): ReactNode {
  const { value, set, touch, isDisabled } = props;
  const styles = useStyles();
  const t = useT();
  const labels: Label[] = Array.isArray(value) ? value : [];
  const change = (at: number, part: Partial<Label>): void =>
    set(labels.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <fieldset
      className={styles.list}
      aria-labelledby={props['aria-labelledby']}
      aria-describedby={props['aria-describedby']}
    >
      {labels.map((one, at) => {
        const refusal = refusalAt(labels, at);
        const isOfTag = refusal === 'language' || refusal === 'twice';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place alone
          <div key={at} className={styles.row}>
            <Input
              className={styles.language}
              aria-label={t('states.language', { number: at + 1 })}
              aria-invalid={isOfTag}
              placeholder="de"
              value={one.language}
              disabled={isDisabled}
              spellCheck={false}
              onChange={(_, { value: language }) => change(at, { language })}
              onBlur={touch}
            />
            <Input
              className={styles.label}
              aria-label={t('states.label', { number: at + 1 })}
              aria-invalid={refusal !== null && !isOfTag}
              value={one.label}
              disabled={isDisabled}
              onChange={(_, { value: label }) => change(at, { label })}
              onBlur={touch}
            />
            <Button
              appearance="subtle"
              icon={<DismissRegular />}
              aria-label={t('states.label.remove', { number: at + 1 })}
              title={t('states.label.remove', { number: at + 1 })}
              disabled={isDisabled}
              onClick={() => set(labels.filter((_, index) => index !== at))}
            />
          </div>
        );
      })}
      {labels.length < MAX_LABELS && (
        <Button
          size="small"
          icon={<AddRegular />}
          disabled={isDisabled}
          onClick={() => set([...labels, { language: '', label: '' }])}
        >
          {t('states.label.add')}
        </Button>
      )}
    </fieldset>
  );
}
