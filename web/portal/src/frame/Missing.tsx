import { DocumentSearchRegular } from '@fluentui/react-icons/svg/document-search';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useT } from '../i18n/context';
import { Page } from '../parts/Page';
import { StateView } from '../parts/StateView';

/** There is no such page, or no such object for the one who asks. */
export function Missing(): ReactNode {
  const t = useT();
  return (
    <Page title={t('missing.title')}>
      <StateView
        icon={<DocumentSearchRegular />}
        title={t('missing.heading')}
        text={t('missing.text')}
      >
        <Link to="/">{t('missing.home')}</Link>
      </StateView>
    </Page>
  );
}
