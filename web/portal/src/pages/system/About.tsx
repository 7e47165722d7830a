import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { System } from '../../data/system';
import { useT, useWords } from '../../i18n/context';
import { Part } from './Part';
import { sizeText } from './words';

const useStyles = makeStyles({
  facts: {
    display: 'grid',
    gridTemplateColumns: 'fit-content(45%) minmax(0, 1fr)',
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
    margin: 0,
    '& dt': { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
    '& dd': { margin: 0, minInlineSize: 0, overflowWrap: 'anywhere' },
  },
  copies: { display: 'grid', rowGap: tokens.spacingVerticalXS },
});

function Facts({ facts }: { facts: readonly [string, ReactNode][] }): ReactNode {
  const styles = useStyles();
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => [
        <dt key={`${name} is`}>{name}</dt>,
        <dd key={name}>{value}</dd>,
      ])}
    </dl>
  );
}

/** The program that answers, and what it serves. */
export function AboutGateway({ system }: { system: System }): ReactNode {
  const t = useT();
  const { gateway, lease, tenants } = system;
  const { version, platform, started_at, is_debug_build } = gateway;
  const { total, switched_off } = tenants;
  return (
    <Part title={t('system.gateway')}>
      <Facts
        facts={[
          [t('system.version'), is_debug_build ? t('system.version.debug', { version }) : version],
          [t('system.platform'), platform],
          [t('system.started'), t('system.started.at', { at: started_at })],
          [
            t('system.holder'),
            lease
              ? t('system.holder.fence', { holder: lease.holder, fence: lease.fence })
              : t('system.holder.none'),
          ],
          [
            t('system.tenants'),
            switched_off > 0
              ? t('system.tenants.off', { count: total, off: switched_off })
              : t('system.tenants.count', { count: total }),
          ],
        ]}
      />
    </Part>
  );
}

/** Where everything is kept. */
export function AboutDatabase({ system }: { system: System }): ReactNode {
  const { t, locale } = useWords();
  const { kind, version, schema_version, bytes } = system.database;
  return (
    <Part title={t('system.database')} help={t('system.copies.help')}>
      <Facts
        facts={[
          [t('system.database.kind'), t(`system.database.${kind}`, { version })],
          [t('system.schema'), schema_version],
          [t('system.size'), sizeText(bytes, locale)],
          [t('system.copies'), <Copies key="copies" system={system} />],
        ]}
      />
    </Part>
  );
}

function Copies({ system }: { system: System }): ReactNode {
  const styles = useStyles();
  const { t, locale } = useWords();
  if (system.database.kind === 'postgresql') return t('system.copies.postgresql');
  if (!system.copies) return t('system.copies.unreadable');
  if (system.copies.length === 0) return t('system.copies.none');
  return (
    <span className={styles.copies}>
      {system.copies.map(({ schema_version, made_at, bytes }) => (
        <span key={schema_version}>
          {t('system.copy', {
            at: made_at,
            size: sizeText(bytes, locale),
            version: schema_version,
          })}
        </span>
      ))}
    </span>
  );
}
