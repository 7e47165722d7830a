import { Button, makeStyles, Switch, tokens } from '@fluentui/react-components';
import { Panel } from '@switchboard/portal/parts/Panel';
import { type ReactNode, useId } from 'react';
import { useT } from '../i18n/words';
import type { Computer } from './useComputer';

const useStyles = makeStyles({
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  text: { margin: 0, overflowWrap: 'anywhere' },
  help: { margin: 0, color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
  ask: { alignSelf: 'start' },
});

/** What this computer says of itself, the switch, and the way to let the browser notice more. */
export function ComputerPart({ computer }: { computer: Computer }): ReactNode {
  const { telling, sight, turn, ask } = computer;
  const styles = useStyles();
  const t = useT();
  const id = useId();
  const says = telling.hasFailed ? 'failed' : (telling.word ?? 'nothing');
  return (
    <section aria-labelledby={id}>
      <Panel>
        <h2 id={id} className={styles.title}>
          {t('computer.title')}
        </h2>
        <Switch
          label={t('computer.on')}
          checked={telling.isOn}
          onChange={(_, { checked }) => turn(checked)}
        />
        <p className={styles.text}>
          {telling.isOn ? t(`computer.says.${says}`) : t('computer.off.text')}
        </p>
        {telling.isOn && sight === 'ask' && (
          <>
            <Button className={styles.ask} onClick={ask}>
              {t('computer.ask')}
            </Button>
            <p className={styles.help}>{t('computer.ask.text')}</p>
          </>
        )}
        {telling.isOn && sight !== 'ask' && <p className={styles.help}>{t(`computer.${sight}`)}</p>}
      </Panel>
    </section>
  );
}
