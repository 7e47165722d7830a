import { Button, Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { CalendarRegular } from '@fluentui/react-icons/svg/calendar';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import type { ReactNode } from 'react';
import type { Holiday } from '../../data/publications';
import { useT } from '../../i18n/context';
import { LINE_BELOW } from '../../parts/lines';
import { Intervals } from './Intervals';
import { holidayRefusal, MAX_HOLIDAYS } from './opening';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'start',
    rowGap: tokens.spacingVerticalS,
    maxInlineSize: '44rem',
  },
  heading: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  text: { margin: 0, color: tokens.colorNeutralForeground2 },
  list: { display: 'grid', inlineSize: '100%', margin: 0, padding: 0, listStyleType: 'none' },
  day: {
    display: 'grid',
    gridTemplateColumns: '10rem minmax(8rem, 1fr) auto auto',
    alignItems: 'start',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    ...LINE_BELOW,
    '@media (max-width: 700px)': { gridTemplateColumns: 'minmax(0, 1fr) auto' },
  },
  wide: { '@media (max-width: 700px)': { gridColumn: '1 / -1' } },
  remove: { '@media (max-width: 700px)': { gridRow: '1', gridColumn: '2' } },
});

/** Days that differ from their day of the week: closed, or with hours of their own. */
export function Holidays(props: {
  holidays: readonly Holiday[];
  set: (holidays: Holiday[]) => void;
  touch: () => void;
  isDisabled: boolean;
}): ReactNode {
  const { holidays, set, touch, isDisabled } = props;
  const styles = useStyles();
  const t = useT();
  const change = (at: number, part: Partial<Holiday>): void =>
    set(holidays.map((day, index) => (index === at ? { ...day, ...part } : day)));
  return (
    <div className={styles.root}>
      <h2 className={styles.heading}>{t('opening.holidays')}</h2>
      <p className={styles.text}>{t('opening.holidays.help')}</p>
      <ul className={styles.list}>
        {holidays.map((day, at) => {
          const refusal = holidayRefusal(holidays, at);
          const name = day.name || day.date || t('opening.holiday', { number: at + 1 });
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a day is nothing but its place
            <li key={at} className={styles.day}>
              <Field
                validationState={refusal ? 'error' : 'none'}
                validationMessage={refusal ? t(`opening.refused.${refusal}`) : null}
              >
                <Input
                  type="date"
                  aria-label={t('opening.holiday.date', { name })}
                  value={day.date}
                  disabled={isDisabled}
                  onChange={(_, { value }) => change(at, { date: value })}
                  onBlur={touch}
                />
              </Field>
              <Input
                className={styles.wide}
                aria-label={t('opening.holiday.name', { name })}
                placeholder={t('opening.holiday.placeholder')}
                autoComplete="off"
                value={day.name ?? ''}
                disabled={isDisabled}
                onChange={(_, { value }) => change(at, { name: value })}
                onBlur={touch}
              />
              <div className={styles.wide}>
                <Intervals
                  day={name}
                  intervals={day.intervals ?? []}
                  set={(intervals) => change(at, { intervals })}
                  touch={touch}
                  isDisabled={isDisabled}
                />
              </div>
              <Button
                className={styles.remove}
                appearance="subtle"
                icon={<DeleteRegular />}
                aria-label={t('opening.holiday.remove', { name })}
                disabled={isDisabled}
                onClick={() => set(holidays.filter((_, index) => index !== at))}
              />
            </li>
          );
        })}
      </ul>
      <Button
        icon={<CalendarRegular />}
        disabled={isDisabled || holidays.length >= MAX_HOLIDAYS}
        onClick={() => set([...holidays, { date: '', name: '', intervals: [] }])}
      >
        {t('opening.holiday.add')}
      </Button>
    </div>
  );
}
