import { makeStyles, tokens } from '@fluentui/react-components';
import { type ReactNode, useId } from 'react';
import { Panel } from '../../../parts/Panel';

const useStyles = makeStyles({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalS,
  },
  title: {
    margin: 0,
    minInlineSize: 0,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** One part of what there is to say about a contact's presence, and what can be done about it. */
export function Part(props: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}): ReactNode {
  const { title, actions, children } = props;
  const styles = useStyles();
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Panel>
        <div className={styles.head}>
          <h2 id={id} className={styles.title}>
            {title}
          </h2>
          {actions && <div className={styles.actions}>{actions}</div>}
        </div>
        {children}
      </Panel>
    </section>
  );
}
