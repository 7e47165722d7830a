import { Input, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { parseCron } from '../../app/cron';
import { cronText, nextText } from '../../app/cron-words';
import { useWords } from '../../i18n/context';
import type { CustomProps } from '../../parts/form';

const useStyles = makeStyles({
  root: { display: 'grid', rowGap: tokens.spacingVerticalXS },
  reading: { fontWeight: tokens.fontWeightSemibold },
});

/** A schedule, read out in plain language with its next run. */
export function ScheduleInput(props: CustomProps & { zone: string }): ReactNode {
  const { value, set, isDisabled, zone } = props;
  const styles = useStyles();
  const words = useWords();
  const text = typeof value === 'string' ? value : '';
  const cron = parseCron(text);
  return (
    <div className={styles.root}>
      <Input
        value={text}
        disabled={isDisabled}
        autoComplete="off"
        spellCheck={false}
        onChange={(_, { value: next }) => set(next || null)}
      />
      <span role="status">
        {!text.trim() && words.t('sources.manual')}
        {cron && (
          <>
            <span className={styles.reading}>{cronText(words, cron)}</span>{' '}
            {nextText(words, cron, zone)}
          </>
        )}
      </span>
    </div>
  );
}
