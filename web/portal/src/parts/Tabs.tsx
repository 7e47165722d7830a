import { makeStyles, TabList, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  // The words of the first tab stand where those of the page do.
  tabs: {
    marginInlineStart: `calc(-1 * ${tokens.spacingHorizontalM})`,
    flexWrap: 'wrap',
    flexShrink: 0,
  },
});

/** The tabs of a page; where there is little room they stand below each other. */
export function Tabs(props: {
  chosen: unknown;
  choose: (tab: unknown) => void;
  children: ReactNode;
}): ReactNode {
  const { chosen, choose, children } = props;
  const styles = useStyles();
  return (
    <TabList
      className={styles.tabs}
      selectedValue={chosen}
      onTabSelect={(_, { value }) => choose(value)}
    >
      {children}
    </TabList>
  );
}
