import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { CopyRegular } from '@fluentui/react-icons/svg/copy';
import type { ReactNode } from 'react';
import type { Interval } from '../../data/publications';
import { useWords } from '../../i18n/context';
import { LINE_BELOW } from '../../parts/lines';
import { Intervals } from './Intervals';
import { copied, nameOfDay, USUAL_DAYS } from './opening';

const useStyles = makeStyles({
  week: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none', maxInlineSize: '44rem' },
  day: {
    display: 'grid',
    gridTemplateColumns: '7rem minmax(0, 1fr) auto',
    alignItems: 'start',
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    ...LINE_BELOW,
    '@media (max-width: 480px)': { gridTemplateColumns: 'minmax(0, 1fr) auto' },
  },
  name: { lineHeight: '32px', fontWeight: tokens.fontWeightSemibold },
  hours: { '@media (max-width: 480px)': { gridColumn: '1 / -1', gridRow: '2' } },
});

/** The hours of each day of the week; those of one day can be copied to others. */
export function Week(props: {
  weekly: Interval[][];
  set: (weekly: Interval[][]) => void;
  touch: () => void;
  isDisabled: boolean;
}): ReactNode {
  const { weekly, set, touch, isDisabled } = props;
  const styles = useStyles();
  const { t, locale } = useWords();
  return (
    <ul className={styles.week} aria-label={t('opening.week')}>
      {weekly.map((intervals, at) => {
        const day = nameOfDay(at, locale);
        return (
          <li key={day} className={styles.day}>
            <span className={styles.name}>{day}</span>
            <div className={styles.hours}>
              <Intervals
                day={day}
                intervals={intervals}
                set={(next) => set(weekly.map((other, index) => (index === at ? next : other)))}
                touch={touch}
                isDisabled={isDisabled}
              />
            </div>
            <CopyMenu day={at} isDisabled={isDisabled} copy={(to) => set(copied(weekly, at, to))} />
          </li>
        );
      })}
    </ul>
  );
}

function CopyMenu(props: {
  day: number;
  isDisabled: boolean;
  copy: (to: readonly number[]) => void;
}): ReactNode {
  const { day, isDisabled, copy } = props;
  const { t, locale } = useWords();
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          icon={<CopyRegular />}
          disabled={isDisabled}
          aria-label={t('opening.copy', { day: nameOfDay(day, locale) })}
          title={t('opening.copy', { day: nameOfDay(day, locale) })}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem onClick={() => copy(USUAL_DAYS.workdays)}>{t('opening.workdays')}</MenuItem>
          <MenuItem onClick={() => copy(USUAL_DAYS.week)}>{t('opening.every_day')}</MenuItem>
          <MenuDivider />
          {USUAL_DAYS.week
            .filter((to) => to !== day)
            .map((to) => (
              <MenuItem key={to} onClick={() => copy([to])}>
                {nameOfDay(to, locale)}
              </MenuItem>
            ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
