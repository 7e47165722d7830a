import { Button, Input, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { type ReactNode, useId } from 'react';
import type { Interval } from '../../data/publications';
import { useT } from '../../i18n/context';
import { intervalRefusal, MAX_INTERVALS, textOfTime, timeOfText, withInterval } from './opening';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'start',
    rowGap: tokens.spacingVerticalXS,
    minInlineSize: 0,
  },
  interval: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalXS,
  },
  time: { inlineSize: '8rem' },
  closed: { color: tokens.colorNeutralForeground2, lineHeight: '32px' },
  refusal: {
    flexBasis: '100%',
    color: tokens.colorPaletteRedForeground1,
    fontSize: tokens.fontSizeBase200,
  },
});

/** The parts of a day in which somebody can be reached. */
export function Intervals(props: {
  /** The day's name, for those who hear it. */
  day: string;
  intervals: readonly Interval[];
  set: (intervals: Interval[]) => void;
  touch: () => void;
  isDisabled: boolean;
}): ReactNode {
  const { day, intervals, set, touch, isDisabled } = props;
  const styles = useStyles();
  const t = useT();
  const id = useId();
  const change = (at: number, part: Partial<Interval>): void =>
    set(intervals.map((interval, index) => (index === at ? { ...interval, ...part } : interval)));

  const time = (at: number, end: 'from' | 'to', isRefused: boolean): ReactNode => (
    <Input
      type="time"
      className={styles.time}
      aria-label={t(`opening.${end}`, { day, number: at + 1 })}
      aria-invalid={isRefused}
      {...(isRefused ? { 'aria-describedby': `${id}-${at}` } : {})}
      value={textOfTime(intervals[at]?.[end] ?? -1)}
      disabled={isDisabled}
      onChange={(_, { value }) => change(at, { [end]: timeOfText(value, end === 'to') })}
      onBlur={touch}
    />
  );
  return (
    <div className={styles.list}>
      {intervals.length === 0 && <span className={styles.closed}>{t('opening.closed')}</span>}
      {intervals.map((_, at) => {
        const refusal = intervalRefusal(intervals, at);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is nothing but its place
          <div key={at} className={styles.interval}>
            {time(at, 'from', refusal !== null)}
            <span aria-hidden="true">–</span>
            {time(at, 'to', refusal !== null)}
            <Button
              appearance="subtle"
              icon={<DismissRegular />}
              aria-label={t('opening.remove', { day, number: at + 1 })}
              disabled={isDisabled}
              onClick={() => set(intervals.filter((_, index) => index !== at))}
            />
            {refusal && (
              <span id={`${id}-${at}`} className={styles.refusal}>
                {t(`opening.refused.${refusal}`)}
              </span>
            )}
          </div>
        );
      })}
      <Button
        appearance="subtle"
        size="small"
        icon={<AddRegular />}
        aria-label={t('opening.add_to', { day })}
        disabled={isDisabled || intervals.length >= MAX_INTERVALS}
        onClick={() => set(withInterval(intervals))}
      >
        {t('opening.add')}
      </Button>
    </div>
  );
}
