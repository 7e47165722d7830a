import { Button } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useMay } from '../../app/session';
import type { Group } from '../../data/groups';
import { useT } from '../../i18n/context';

const GroupSyncDialog = lazy(() =>
  import('./GroupSyncDialog').then((it) => ({ default: it.GroupSyncDialog })),
);

/** The button that synchronizes the contacts of a group. */
export function GroupSync({ tenant, group }: { tenant: string; group: Group }): ReactNode {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  if (!useMay(tenant)('manage_contacts')) return null;
  return (
    <>
      <Button icon={<ArrowSyncRegular />} onClick={() => setOpen(true)}>
        {t('synchronize.action')}
      </Button>
      {isOpen && (
        <Suspense>
          <GroupSyncDialog tenant={tenant} group={group} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
