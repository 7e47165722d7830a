import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  panel: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalM,
    minInlineSize: 0,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow4,
    '@media (forced-colors: active)': { outline: '1px solid' },
  },
});

/** A raised part of a page. Fluent's card brings keyboard handling that nothing here needs. */
export function Panel(props: { className?: string; children: ReactNode }): ReactNode {
  const styles = useStyles();
  return <div className={mergeClasses(styles.panel, props.className)}>{props.children}</div>;
}
