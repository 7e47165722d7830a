import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  text: { margin: 0, maxInlineSize: '48rem', overflowWrap: 'anywhere' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  list: { margin: 0, paddingInlineStart: '1.25rem', overflowWrap: 'anywhere' },
});

/** What is to be done in a step, and why. */
export function Text({ children }: { children: ReactNode }): ReactNode {
  return <p className={useStyles().text}>{children}</p>;
}

/** What can be done in a step. */
export function Actions({ children }: { children: ReactNode }): ReactNode {
  return <div className={useStyles().actions}>{children}</div>;
}

/** What there is already. */
export function Those({ names }: { names: readonly string[] }): ReactNode {
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {names.map((name) => (
        <li key={name}>{name}</li>
      ))}
    </ul>
  );
}
