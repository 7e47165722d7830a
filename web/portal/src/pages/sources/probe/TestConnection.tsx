import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle';
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle';
import { PlugConnectedRegular } from '@fluentui/react-icons/svg/plug-connected';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import { WarningRegular } from '@fluentui/react-icons/svg/warning';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type ProbeStep, type Subject, type Tested, testSource } from '../../../data/probe';
import { useT } from '../../../i18n/context';
import { ErrorBanner } from '../../../parts/ErrorBanner';
import { ruleText } from '../../../parts/reasons';
import { findingText, verdict } from './words';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  button: { alignSelf: 'start' },
  list: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalS,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    overflowWrap: 'anywhere',
  },
  step: {
    display: 'grid',
    gridTemplateColumns: 'auto 1fr',
    columnGap: tokens.spacingHorizontalS,
    alignItems: 'start',
  },
  icon: { fontSize: '1.25rem', lineHeight: 1 },
  title: { fontWeight: tokens.fontWeightSemibold },
  passed: { color: tokens.colorStatusSuccessForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  failed: { color: tokens.colorStatusDangerForeground1 },
  skipped: { color: tokens.colorNeutralForeground3 },
  sample: { margin: 0, paddingInlineStart: '1.25rem', overflowWrap: 'anywhere' },
  locator: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** Tries whether the source can be read, as it is in the form. */
export function TestConnection({ subject }: { subject: Subject }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const test = useMutation({ networkMode: 'always', mutationFn: () => testSource(subject) });
  return (
    <div className={styles.root}>
      <Button
        className={styles.button}
        icon={test.isPending ? <Spinner size="extra-tiny" /> : <PlugConnectedRegular />}
        disabledFocusable={test.isPending}
        onClick={() => test.mutate()}
      >
        {t('probe.test')}
      </Button>
      <div role="status">
        {test.isPending && t('probe.testing')}
        {test.data && !test.isPending && verdict(t, test.data.steps)}
      </div>
      {test.error && <ErrorBanner error={test.error} />}
      {test.data && !test.isPending && <Result tested={test.data} />}
    </div>
  );
}

function Result({ tested }: { tested: Tested }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <>
      <ol className={styles.list} aria-label={t('probe.steps')}>
        {tested.steps.map((step) => (
          <Step key={step.step} step={step} />
        ))}
      </ol>
      {tested.sample.length > 0 && (
        <div>
          <div>{t('probe.sample')}</div>
          <ul className={styles.sample}>
            {tested.sample.map(({ locator, name, mail, refusal }) => (
              <li key={locator}>
                {refusal
                  ? t('entries.reason', {
                      field: refusal.field,
                      value: refusal.value,
                      rule: ruleText(t, refusal.rule),
                    })
                  : [name, mail].filter(Boolean).join(', ')}
                <div className={styles.locator}>{locator}</div>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

const ICONS: Record<ProbeStep['outcome'], ReactNode> = {
  passed: <CheckmarkCircleRegular />,
  warning: <WarningRegular />,
  failed: <ErrorCircleRegular />,
  skipped: <SubtractCircleRegular />,
};

function Step({ step }: { step: ProbeStep }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { outcome } = step;
  return (
    <li className={styles.step}>
      <span className={`${styles.icon} ${styles[outcome]}`} aria-hidden>
        {ICONS[outcome]}
      </span>
      <div>
        <span className={styles.title}>
          {t('probe.step', {
            name: t(`probe.step.${step.step}`),
            outcome: t(`probe.outcome.${outcome}`),
          })}
        </span>{' '}
        {findingText(t, step.finding)}
      </div>
    </li>
  );
}
