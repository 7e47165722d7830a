import { makeStyles, tokens } from '@fluentui/react-components';
import { LABELS } from '@switchboard/presence';
import type { ReactNode } from 'react';
import type { Schema } from '../../../app/gateway';
import type { Why } from '../../../data/why';
import { PresenceBadge } from '../../../parts/PresenceBadge';
import { Part } from './Part';
import { type Speaker, stateText } from './sentences';

const useStyles = makeStyles({
  state: {
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: 'anywhere',
  },
  more: {
    display: 'grid',
    rowGap: tokens.spacingVerticalXS,
    overflowWrap: 'anywhere',
    color: tokens.colorNeutralForeground2,
  },
});

/** What the contact shows now, and since when. */
export function NowPart(props: {
  why: Why;
  shown: Schema<'PresenceView'> | undefined;
  speaker: Speaker;
}): ReactNode {
  const { why, shown, speaker } = props;
  const styles = useStyles();
  const { t, language } = speaker;
  const { presence } = why;
  const labels = shown?.custom === presence.custom ? shown?.custom_labels : undefined;
  const state = stateText(speaker, presence.availability);
  const ago = why.claims.find(({ part }) => part === 'decides')?.age_seconds;
  return (
    <Part title={t('presence.now')}>
      <div role="status" className={styles.state}>
        <PresenceBadge presence={{ ...presence, ...(labels && { custom_labels: labels }) }} />
      </div>
      <div className={styles.more}>
        {presence.custom && <span>{t('presence.named', { name: presence.custom, state })}</span>}
        {!presence.custom && presence.activity && (
          <span>
            {t('presence.activity', { activity: LABELS[language][presence.activity], state })}
          </span>
        )}
        {presence.since && ago !== undefined && (
          <span>
            {t('presence.since', {
              at: presence.since,
              for: new Date(speaker.now - ago * 1000).toISOString(),
            })}
          </span>
        )}
        {shown?.lync_availability && (
          <span>
            {t('presence.lync', {
              number: [shown.lync_availability, shown.lync_activity].filter(Boolean).join(', '),
            })}
          </span>
        )}
      </div>
    </Part>
  );
}
