import { makeStyles, tokens } from '@fluentui/react-components';
import {
  COLORS,
  ICON_BOX,
  ICONS,
  LABELS,
  OUT_OF_OFFICE_ICON,
  stateOf,
} from '@switchboard/presence';
import type { ReactNode } from 'react';
import type { Schema } from '../app/gateway';
import { useSettings } from '../app/settings';
import { useLook } from '../app/theme';
import { useWords } from '../i18n/context';

const useStyles = makeStyles({
  badge: { display: 'flex', alignItems: 'center', columnGap: tokens.spacingHorizontalXS },
  text: { minInlineSize: 0, overflow: 'hidden', textOverflow: 'ellipsis' },
  icon: { inlineSize: '1rem', blockSize: '1rem', flexShrink: 0, fillRule: 'evenodd' },
  away: { fill: 'currentcolor' },
});

/** What is shown of a presence. */
type Shown = Pick<Schema<'Presence'>, 'availability' | 'is_out_of_office'> &
  Partial<Pick<Schema<'Presence'>, 'activity' | 'custom'>> & {
    /** What a named state is called in other languages. */
    custom_labels?: Record<string, string>;
  };

/** A presence as a shape and a word, as visitors see it. */
export function PresenceBadge({ presence }: { presence: Shown }): ReactNode {
  const styles = useStyles();
  const { language, t } = useWords();
  const { isDark } = useLook(useSettings().theme);
  const state = stateOf(presence.availability);
  const named = presence.custom && presence.custom_labels?.[language];
  const label = LABELS[language][presence.activity ?? state];
  return (
    <span className={styles.badge}>
      <svg viewBox={ICON_BOX} className={styles.icon} aria-hidden="true">
        <path d={ICONS[state]} fill={isDark ? COLORS[state].dark : COLORS[state].light} />
      </svg>
      <span className={styles.text}>{named || presence.custom || label}</span>
      {presence.is_out_of_office && presence.activity !== 'out_of_office' && (
        <svg viewBox={ICON_BOX} className={styles.icon} role="img">
          <title>{t('presence.out_of_office')}</title>
          <path d={OUT_OF_OFFICE_ICON} className={styles.away} />
        </svg>
      )}
    </span>
  );
}
