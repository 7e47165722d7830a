import { Field, makeStyles, Switch, tokens } from '@fluentui/react-components';
import { type ReactNode, useRef } from 'react';
import type { OpeningHours } from '../../data/publications';
import { useT } from '../../i18n/context';
import type { CustomProps } from '../../parts/form';
import { TimeZonePicker } from '../../parts/TimeZonePicker';
import { Holidays } from './Holidays';
import { usualHours } from './opening';
import { Week } from './Week';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'stretch',
    rowGap: tokens.spacingVerticalL,
    margin: 0,
    padding: 0,
    border: 'none',
    minInlineSize: 0,
  },
  zone: { maxInlineSize: '24rem' },
  switch: { '& label': { overflowWrap: 'anywhere' } },
});

/** When a publication is open; always, or by the hours of each day. */
export function OpeningField(props: CustomProps & { timeZone: string }): ReactNode {
  const { value, set, touch, isDisabled, timeZone, ...group } = props;
  const styles = useStyles();
  const t = useT();
  const hours = (value ?? null) as OpeningHours | null;
  // Who switches hours off and on again finds them as they were.
  const last = useRef<OpeningHours | null>(null);
  if (hours) last.current = hours;
  const change = (part: Partial<OpeningHours>): void => set({ ...hours, ...part });
  return (
    <fieldset {...group} className={styles.root}>
      <Switch
        className={styles.switch}
        label={t(hours ? 'opening.limited' : 'opening.always')}
        checked={hours !== null}
        disabled={isDisabled}
        onChange={(_, { checked }) => set(checked ? (last.current ?? usualHours(timeZone)) : null)}
      />
      {hours && (
        <>
          <Field className={styles.zone} label={t('site.time_zone')} hint={t('opening.zone.help')}>
            <TimeZonePicker
              value={hours.time_zone}
              set={(time_zone) => change({ time_zone })}
              touch={touch}
              isDisabled={isDisabled}
            />
          </Field>
          <Week
            weekly={hours.weekly}
            set={(weekly) => change({ weekly })}
            touch={touch}
            isDisabled={isDisabled}
          />
          <Holidays
            holidays={hours.holidays ?? []}
            set={(holidays) => change({ holidays })}
            touch={touch}
            isDisabled={isDisabled}
          />
        </>
      )}
    </fieldset>
  );
}
