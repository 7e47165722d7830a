import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle';
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle';
import { WarningRegular } from '@fluentui/react-icons/svg/warning';
import type { ReactNode } from 'react';
import type { Check } from '../../data/system';
import { useT } from '../../i18n/context';
import { Part, Rows } from './Part';

const useStyles = makeStyles({
  icon: { display: 'inline-grid', fontSize: '20px', flexShrink: 0, alignSelf: 'start' },
  fine: { color: tokens.colorStatusSuccessForeground1 },
  attention: { color: tokens.colorStatusWarningForeground1 },
  broken: { color: tokens.colorStatusDangerForeground1 },
  text: { flexBasis: '12rem', flexGrow: 1, minInlineSize: 0, overflowWrap: 'anywhere' },
  state: { fontWeight: tokens.fontWeightSemibold },
});

const ICONS = {
  fine: CheckmarkCircleRegular,
  attention: WarningRegular,
  broken: ErrorCircleRegular,
};

/** What was looked at, and what to do about what is not as it should be. */
export function Checks({ checks }: { checks: readonly Check[] }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <Part title={t('system.checks')}>
      <Rows
        items={checks}
        id={({ name }) => name}
        row={({ name, state }) => {
          const Icon = ICONS[state];
          return (
            <>
              <span className={mergeClasses(styles.icon, styles[state])} aria-hidden="true">
                <Icon />
              </span>
              <span className={styles.text}>
                <span className={styles.state}>{t(`system.state.${state}`)}:</span>{' '}
                {state === 'fine' ? t(`check.${name}`) : t(`check.${name}.attention`)}
              </span>
            </>
          );
        }}
      />
    </Part>
  );
}
