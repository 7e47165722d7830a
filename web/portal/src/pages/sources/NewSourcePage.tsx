import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/context';
import { Page } from '../../parts/Page';
import { SourceWizard } from './SourceWizard';

/** Makes a source in steps, and shows it. */
export function NewSourcePage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/sources/new' });
  const navigate = useNavigate();
  const list = { to: '/t/$tenant/sources', params: { tenant } } as const;
  return (
    <Page title={t('sources.new')} trail={[{ label: t('sources.title'), link: list }]}>
      <SourceWizard
        tenant={tenant}
        made={({ id }) =>
          navigate({ to: '/t/$tenant/sources/$source', params: { tenant, source: id } })
        }
        cancel={() => void navigate(list)}
      />
    </Page>
  );
}
