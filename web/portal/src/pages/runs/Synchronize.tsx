import { Button } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useMay } from '../../app/session';
import type { Extent } from '../../data/runs';
import type { Source } from '../../data/sources';
import { useT } from '../../i18n/context';

const SynchronizeDialog = lazy(() =>
  import('./SynchronizeDialog').then((it) => ({ default: it.SynchronizeDialog })),
);

/** The button that starts a run: of one source, or of one that is chosen. */
export function Synchronize(props: { tenant: string; source?: Source }): ReactNode {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  if (!useMay(props.tenant)('synchronize')) return null;
  return (
    <>
      <Button icon={<ArrowSyncRegular />} onClick={() => setOpen(true)}>
        {t('synchronize.action')}
      </Button>
      {isOpen && <SynchronizeNow {...props} close={() => setOpen(false)} />}
    </>
  );
}

/** The dialog that starts a run. */
export function SynchronizeNow(props: {
  tenant: string;
  source?: Source;
  extent?: Extent;
  close: () => void;
}): ReactNode {
  return (
    <Suspense>
      <SynchronizeDialog {...props} />
    </Suspense>
  );
}
