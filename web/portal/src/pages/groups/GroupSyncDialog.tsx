import { Button } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Group } from '../../data/groups';
import { synchronizeGroup } from '../../data/synchronization';
import { useT } from '../../i18n/context';
import { DialogFrame } from '../../parts/DialogFrame';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { StartedRuns } from '../runs/StartedRuns';

/** Says whom a synchronization of a group is about, starts it, and shows how far it is. */
export function GroupSyncDialog(props: {
  tenant: string;
  group: Group;
  close: () => void;
}): ReactNode {
  const { tenant, group, close } = props;
  const t = useT();
  const client = useQueryClient();
  const starting = useMutation({
    mutationFn: () => synchronizeGroup(tenant, group.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['runs', tenant] }),
  });
  const asked = starting.data;
  return (
    <DialogFrame
      title={t('synchronize.title')}
      close={close}
      actions={
        <>
          <Button onClick={close}>{t(asked ? 'action.close' : 'action.cancel')}</Button>
          {!asked && (
            <Button
              appearance="primary"
              disabledFocusable={starting.isPending}
              onClick={() => starting.mutate()}
            >
              {t('synchronize.start')}
            </Button>
          )}
        </>
      }
    >
      {!asked && <span>{t('group.sync.text', { name: group.name ?? '' })}</span>}
      {starting.isError && <ErrorBanner error={starting.error} />}
      {asked && (
        <div role="status">
          {t('group.sync.asked', { count: asked.contacts })}
          {asked.manual > 0 && ` ${t('group.sync.manual', { count: asked.manual })}`}
        </div>
      )}
      {asked && <StartedRuns tenant={tenant} started={asked} />}
    </DialogFrame>
  );
}
