import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/context';
import { Page } from '../../parts/Page';
import { RunsList } from './RunsList';
import { Synchronize } from './Synchronize';

/** The runs of all sources. */
export function RunsPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/runs' });
  return (
    <Page title={t('runs.title')} actions={<Synchronize tenant={tenant} />}>
      <RunsList tenant={tenant} />
    </Page>
  );
}
