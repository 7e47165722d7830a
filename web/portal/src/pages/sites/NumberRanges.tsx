import { Button, Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import type { ReactNode } from 'react';
import type { NumberRange } from '../../data/sites';
import { useT } from '../../i18n/context';
import type { CustomProps } from '../../parts/form';
import { bareNumber, MAX_RANGES, rangeRefusal } from './rules';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'start',
    rowGap: tokens.spacingVerticalM,
    margin: 0,
    padding: 0,
    border: 'none',
    minInlineSize: 0,
  },
  list: { display: 'grid', rowGap: tokens.spacingVerticalS, margin: 0, padding: 0 },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'start',
    gap: tokens.spacingHorizontalS,
    listStyleType: 'none',
  },
  number: { inlineSize: '13rem', maxInlineSize: '100%' },
  none: { color: tokens.colorNeutralForeground2 },
});

/** The ranges of telephone numbers of a site. */
export function NumberRanges({ value, set, touch, isDisabled, ...group }: CustomProps): ReactNode {
  const styles = useStyles();
  const t = useT();
  const ranges = value as NumberRange[];
  const change = (at: number, part: Partial<NumberRange>): void =>
    set(ranges.map((range, index) => (index === at ? { ...range, ...part } : range)));

  const number = (at: number, end: 'from' | 'to'): ReactNode => {
    const range = ranges[at];
    if (!range) return null;
    const isRefused = range[end] !== '' && rangeRefusal(range) === end;
    const rule = end === 'from' ? 'rule.format.number' : 'rule.format.number_to';
    return (
      <Field
        className={styles.number}
        validationState={isRefused ? 'error' : 'none'}
        validationMessage={isRefused ? t(rule) : null}
      >
        <Input
          type="tel"
          autoComplete="off"
          aria-label={t(end === 'from' ? 'site.range.from' : 'site.range.to', { number: at + 1 })}
          placeholder={end === 'from' ? '+493012345600' : '+493012345699'}
          value={range[end]}
          disabled={isDisabled}
          onChange={(_, { value }) => change(at, { [end]: value })}
          onBlur={() => {
            change(at, { [end]: bareNumber(range[end]) });
            touch();
          }}
        />
      </Field>
    );
  };
  return (
    <fieldset {...group} className={styles.root}>
      {ranges.length === 0 && <span className={styles.none}>{t('site.ranges.none')}</span>}
      <ul className={styles.list}>
        {ranges.map((_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a range is nothing but its place
          <li key={at} className={styles.row}>
            {number(at, 'from')}
            {number(at, 'to')}
            <Button
              appearance="subtle"
              icon={<DeleteRegular />}
              aria-label={t('site.range.remove', { number: at + 1 })}
              disabled={isDisabled}
              onClick={() => set(ranges.filter((_, index) => index !== at))}
            />
          </li>
        ))}
      </ul>
      <Button
        icon={<AddRegular />}
        disabled={isDisabled || ranges.length >= MAX_RANGES}
        onClick={() => set([...ranges, { from: '', to: '' }])}
      >
        {t('site.range.add')}
      </Button>
    </fieldset>
  );
}
