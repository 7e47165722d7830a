import { Badge, Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { StepId } from '../../app/setup';
import { useT } from '../../i18n/context';
import { Panel } from '../../parts/Panel';
import type { StepState } from './steps';

const useStyles = makeStyles({
  panel: { rowGap: tokens.spacingVerticalL },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalS,
  },
  mark: {
    display: 'inline-grid',
    placeItems: 'center',
    flexShrink: 0,
    inlineSize: '1.75rem',
    blockSize: '1.75rem',
    borderRadius: tokens.borderRadiusCircular,
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
    boxSizing: 'border-box',
  },
  done: {
    backgroundColor: tokens.colorStatusSuccessBackground3,
    color: tokens.colorNeutralForegroundOnBrand,
    border: `1px solid ${tokens.colorStatusSuccessBackground3}`,
  },
  words: { flexGrow: 1, flexBasis: '14rem', minInlineSize: 0, overflowWrap: 'anywhere' },
  title: {
    margin: 0,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
    ':focus': { outline: 'none' },
  },
  state: { color: tokens.colorNeutralForeground2 },
  content: { display: 'grid', rowGap: tokens.spacingVerticalL, minInlineSize: 0 },
  foot: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** One step: how it stands, and, while it is open, what is to be done. */
export function StepPanel(props: {
  number: number;
  step: StepState;
  /** How it stands, in a few words. */
  state: string;
  isOpen: boolean;
  /** Who looks may do it. */
  isOwn: boolean;
  /** Somebody has come here from another step, who is to hear where they are. */
  isArrived: boolean;
  /** It was shut and no other one opened, so whoever did that stays at it. */
  isLeft: boolean;
  /** What was once open stays while it is shut. */
  isKept: boolean;
  open: (id: StepId | null) => void;
  skip: () => void;
  children: ReactNode;
}): ReactNode {
  const { number, step, state, isOpen, isOwn, isArrived, isLeft, isKept, open, skip } = props;
  const { id, isDone } = step;
  const styles = useStyles();
  const t = useT();
  const content = useId();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isOpen && isArrived) title.current?.focus();
  }, [isOpen, isArrived]);
  const toggle = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isLeft) toggle.current?.focus();
  }, [isLeft]);
  const [wasOpen, setWasOpen] = useState(isOpen);
  if (isOpen && !wasOpen) setWasOpen(true);
  const name = t(`setup.${id}`);
  const label = isOpen ? 'setup.close' : isDone ? 'setup.look' : 'setup.open';
  return (
    <Panel className={styles.panel}>
      <div className={styles.head}>
        <span className={mergeClasses(styles.mark, isDone && styles.done)} aria-hidden="true">
          {isDone ? <CheckmarkRegular /> : number}
        </span>
        <div className={styles.words}>
          <h2 ref={title} tabIndex={-1} className={styles.title}>
            {name}
          </h2>
          <span className={styles.state}>{state}</span>
        </div>
        {isDone && (
          <Badge appearance="tint" color="success">
            {t('setup.done')}
          </Badge>
        )}
        {isOwn && (
          <Button
            ref={(button: HTMLElement | null) => {
              toggle.current = button;
            }}
            appearance={isDone || isOpen ? 'secondary' : 'primary'}
            aria-expanded={isOpen}
            aria-controls={content}
            aria-label={`${t(label)}: ${name}`}
            onClick={() => open(isOpen ? null : id)}
          >
            {t(label)}
          </Button>
        )}
      </div>
      <div id={content} hidden={!isOpen} className={isOpen ? styles.content : undefined}>
        {(isOpen || (isKept && wasOpen)) && props.children}
        {isOpen && !isDone && (
          <div className={styles.foot}>
            <Button appearance="subtle" onClick={skip}>
              {t('setup.skip')}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}
