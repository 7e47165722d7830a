import { Badge, type BadgeProps, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { SourceCounts, System } from '../../data/system';
import { useT } from '../../i18n/context';
import { Part, Rows } from './Part';
import { upkeepText } from './words';

const useStyles = makeStyles({
  kind: { flexBasis: '10rem', flexGrow: 1, minInlineSize: 0, overflowWrap: 'anywhere' },
  badges: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

const HEALTHS = [
  ['fine', 'success'],
  ['failed', 'danger'],
  ['secret_lost', 'danger'],
  ['awaiting_approval', 'warning'],
  ['never_ran', 'informative'],
  ['presence_only', 'informative'],
  ['switched_off', 'informative'],
] as const satisfies readonly (readonly [keyof SourceCounts, BadgeProps['color']])[];

/** How the sources of all tenants are doing, by kind. */
export function Sources({ sources }: { sources: readonly SourceCounts[] }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const help = sources.length > 0 ? t('system.sources.help') : t('system.sources.none');
  return (
    <Part title={t('system.sources')} help={help}>
      <Rows
        items={sources}
        id={({ kind }) => kind}
        row={(counts) => (
          <>
            <span className={styles.kind}>{t(`sources.${counts.kind}`)}</span>
            <span className={styles.badges}>
              {HEALTHS.filter(([health]) => counts[health] > 0).map(([health, color]) => (
                <Badge key={health} appearance="tint" color={color}>
                  {t(`system.sources.${health}`, { count: counts[health] })}
                </Badge>
              ))}
            </span>
          </>
        )}
      />
    </Part>
  );
}

const STATES = [
  ['subscribed', 'success'],
  ['polling', 'success'],
  ['subscribing', 'informative'],
  ['waiting_to_retry', 'warning'],
  ['failed', 'danger'],
] as const;

/** How presence of sources is kept alive. */
export function Upkeep({ upkeep }: { upkeep: System['upkeep'] }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { asked, counts } = upkeep;
  const help = upkeepText(t, upkeep);
  if (asked === 0) return <Part title={t('system.upkeep')} help={help} />;
  return (
    <Part title={t('system.upkeep')} help={help}>
      <span className={styles.badges}>
        {STATES.filter(([state]) => counts[state] > 0).map(([state, color]) => (
          <Badge key={state} appearance="tint" color={color}>
            {t(`upkeep.${state}.count`, { count: counts[state] })}
          </Badge>
        ))}
      </span>
    </Part>
  );
}
