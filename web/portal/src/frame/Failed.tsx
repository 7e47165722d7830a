import { LockClosedRegular } from '@fluentui/react-icons/svg/lock-closed';
import { isProblem } from '@switchboard/client';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useT } from '../i18n/context';
import { ErrorBanner } from '../parts/ErrorBanner';
import { Page } from '../parts/Page';
import { StateView } from '../parts/StateView';
import { Missing } from './Missing';

/** A page that could not be shown. */
export function Failed({ error, reset }: ErrorComponentProps): ReactNode {
  const t = useT();
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  if (isProblem(error, 'not_found')) return <Missing />;
  if (isProblem(error, 'forbidden')) return <Forbidden />;
  return (
    <Page title={t('failed.title')}>
      <ErrorBanner
        error={error}
        retry={() => {
          queries.reset();
          reset();
          void router.invalidate();
        }}
      />
    </Page>
  );
}

function Forbidden(): ReactNode {
  const t = useT();
  return (
    <Page title={t('forbidden.title')}>
      <StateView
        icon={<LockClosedRegular />}
        title={t('forbidden.heading')}
        text={t('forbidden.text')}
      >
        <Link to="/">{t('missing.home')}</Link>
      </StateView>
    </Page>
  );
}
