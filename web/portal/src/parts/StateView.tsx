import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  state: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    rowGap: tokens.spacingVerticalM,
    paddingBlock: tokens.spacingVerticalXXXL,
    paddingInline: tokens.spacingHorizontalL,
    textAlign: 'center',
    color: tokens.colorNeutralForeground2,
    '& a': { color: tokens.colorBrandForegroundLink },
  },
  icon: { fontSize: '2.5rem', lineHeight: 1, color: tokens.colorBrandForeground1 },
  title: {
    margin: 0,
    color: tokens.colorNeutralForeground1,
    fontSize: tokens.fontSizeBase500,
    fontWeight: tokens.fontWeightSemibold,
  },
  text: { margin: 0, maxInlineSize: '32rem', overflowWrap: 'anywhere' },
});

/** Why there is nothing to see, and what to do about it. */
export function StateView(props: {
  icon: ReactNode;
  title: string;
  text: string;
  children?: ReactNode;
}): ReactNode {
  const { icon, title, text, children } = props;
  const styles = useStyles();
  return (
    <div className={styles.state}>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.text}>{text}</p>
      {children}
    </div>
  );
}
