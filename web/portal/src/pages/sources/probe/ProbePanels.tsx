import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Subject } from '../../../data/probe';
import { useT } from '../../../i18n/context';
import { TestConnection } from './TestConnection';
import { TryOut } from './TryOut';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXXL },
  section: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
});

/** Whether the source can be read, and what becomes of one entry where there are entries. */
export function ProbePanels(props: { subject: Subject; isShown: boolean }): ReactNode {
  const { subject, isShown } = props;
  const styles = useStyles();
  const t = useT();
  return (
    <div className={styles.root}>
      <section className={styles.section}>
        <h2 className={styles.title}>{t('probe.title')}</h2>
        <TestConnection subject={subject} />
      </section>
      {subject.fields.connection.kind !== 'sip' && (
        <section className={styles.section}>
          <h2 className={styles.title}>{t('try.title')}</h2>
          <TryOut subject={subject} isShown={isShown} />
        </section>
      )}
    </div>
  );
}
