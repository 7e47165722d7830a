import { Spinner } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useT } from '../i18n/context';

/** A page on its way. */
export function Pending(): ReactNode {
  const t = useT();
  return <Spinner label={t('frame.loading')} style={{ paddingBlock: '4rem' }} />;
}
