import { makeStyles, ProgressBar } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Occupancy } from '../../data/system';
import { useT } from '../../i18n/context';
import { Part, Rows } from './Part';

const useStyles = makeStyles({
  line: { flexBasis: '12rem', flexGrow: 1, minInlineSize: 0, overflowWrap: 'anywhere' },
  number: { fontVariantNumeric: 'tabular-nums' },
  bar: { flexBasis: '100%', minInlineSize: 0 },
});

/** Which connections are open, against how many there may be. */
export function Connections(props: { connections: readonly Occupancy[] }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <Part title={t('system.connections')}>
      <Rows
        items={props.connections}
        id={({ line }) => line}
        row={({ line, open, most }) => (
          <>
            <span className={styles.line}>{t(`line.${line}`)}</span>
            <span className={styles.number}>
              {most == null
                ? t('system.connections.unlimited', { open })
                : t('system.connections.of', { open, most })}
            </span>
            {most != null && (
              <ProgressBar
                className={styles.bar}
                aria-label={t(`line.${line}`)}
                value={open}
                max={Math.max(1, most)}
                color={open * 10 >= most * 9 ? 'warning' : 'brand'}
              />
            )}
          </>
        )}
      />
    </Part>
  );
}
