import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useT } from '../i18n/context';

const useStyles = makeStyles({
  wizard: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL },
  steps: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalL,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  step: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    color: tokens.colorNeutralForeground2,
  },
  here: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
  number: {
    display: 'inline-grid',
    placeItems: 'center',
    inlineSize: '1.75rem',
    blockSize: '1.75rem',
    borderRadius: tokens.borderRadiusCircular,
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
  },
  numberHere: {
    backgroundColor: tokens.colorBrandBackground,
    color: tokens.colorNeutralForegroundOnBrand,
    border: `1px solid ${tokens.colorBrandBackground}`,
  },
});

/** One step of a wizard; its content moves on by itself. */
export interface Step {
  id: string;
  title: string;
  content: ReactNode;
}

/** Something that is made in steps. Whoever uses it keeps which step it is. */
export function Wizard({ steps, at }: { steps: readonly Step[]; at: string }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const here = steps.findIndex(({ id }) => id === at);
  return (
    <div className={styles.wizard}>
      <ol className={styles.steps} aria-label={t('wizard.steps')}>
        {steps.map(({ id, title }, index) => (
          <li
            key={id}
            aria-current={index === here ? 'step' : undefined}
            className={mergeClasses(styles.step, index === here && styles.here)}
          >
            <span className={mergeClasses(styles.number, index === here && styles.numberHere)}>
              {index < here ? '✓' : index + 1}
            </span>
            {title}
          </li>
        ))}
      </ol>
      <div>{steps[here]?.content}</div>
    </div>
  );
}
