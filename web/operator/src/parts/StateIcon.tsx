import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { useSettings } from '@switchboard/portal/app/settings';
import { useLook } from '@switchboard/portal/app/theme';
import { COLORS, ICON_BOX, ICONS, type State } from '@switchboard/presence';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  icon: { inlineSize: '1em', blockSize: '1em', flexShrink: 0, fillRule: 'evenodd' },
});

/** The colour of a state on the ground of the page. */
export function useShade(): (state: State) => string {
  const { isDark } = useLook(useSettings().theme);
  return (state) => (isDark ? COLORS[state].dark : COLORS[state].light);
}

/** The shape of a state, in its colour; beside its word. */
export function StateIcon({ state, className }: { state: State; className?: string }): ReactNode {
  const styles = useStyles();
  const shade = useShade();
  return (
    <svg viewBox={ICON_BOX} className={mergeClasses(styles.icon, className)} aria-hidden="true">
      <path d={ICONS[state]} fill={shade(state)} />
    </svg>
  );
}
