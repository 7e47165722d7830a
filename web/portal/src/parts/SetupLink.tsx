import { makeStyles } from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../app/session';
import type { StepId } from '../app/setup';
import { useT } from '../i18n/context';
import { LINK } from './lines';

const useStyles = makeStyles({ link: LINK });

/** The way to the step of the set-up that fills what is empty, for whoever may go there. */
export function SetupLink({ tenant, step }: { tenant: string; step: StepId }): ReactNode {
  const styles = useStyles();
  const t = useT();
  if (!useMay(tenant)('manage_sources')) return null;
  return (
    <Link to="/t/$tenant/setup" params={{ tenant }} search={{ step }} className={styles.link}>
      {t('setup.link')}
    </Link>
  );
}
