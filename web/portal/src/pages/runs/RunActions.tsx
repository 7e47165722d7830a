import { Button } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../app/session';
import { approveRun, cancelRun, leaversQuery, type Run } from '../../data/runs';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useToasts } from '../../parts/toasts';

/** How many of those who leave are named. */
const NAMED = 10;

/** What can be decided about a run that has not ended. */
export function RunActions({ tenant, run }: { tenant: string; run: Run }): ReactNode {
  const t = useT();
  const [asked, setAsked] = useState<'approve' | 'cancel' | null>(null);
  const close = (): void => setAsked(null);
  if (!useMay(tenant)('synchronize')) return null;
  return (
    <>
      {run.state === 'awaiting_approval' && (
        <Button appearance="primary" onClick={() => setAsked('approve')}>
          {t('run.approve')}
        </Button>
      )}
      <Button onClick={() => setAsked('cancel')}>{t('run.cancel')}</Button>
      {asked === 'approve' && <Approval tenant={tenant} run={run} close={close} />}
      {asked === 'cancel' && <Cancellation tenant={tenant} run={run} close={close} />}
    </>
  );
}

interface Props {
  tenant: string;
  run: Run;
  close: () => void;
}

function Approval({ tenant, run, close }: Props): ReactNode {
  const t = useT();
  const toasts = useToasts();
  const refresh = useRefresh(tenant, run);
  const { counts } = run;
  const leavers = useQuery(leaversQuery(tenant, run, NAMED));
  const named = leavers.data?.map(({ locator }) => t('run.approve.leaver', { locator }));
  const count = counts.disabled - (named?.length ?? 0);
  const more = count > 0 ? [t('run.approve.more', { count })] : [];
  const consequences = named || leavers.isError ? [...(named ?? []), ...more] : undefined;
  return (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t('run.approve.title'),
        text: t('run.approve.text', counts),
        consequences,
        verb: t('run.approve.verb'),
        isDangerous: counts.disabled > 0,
        act: async () => {
          try {
            await approveRun(tenant, run.id);
            toasts.done(t('run.approved'));
          } finally {
            await refresh();
          }
        },
      }}
    />
  );
}

function Cancellation({ tenant, run, close }: Props): ReactNode {
  const t = useT();
  const toasts = useToasts();
  const refresh = useRefresh(tenant, run);
  const isWaiting = run.state === 'awaiting_approval';
  return (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t('run.cancel.title'),
        text: t(isWaiting ? 'run.cancel.waiting' : 'run.cancel.text'),
        verb: t('run.cancel.verb'),
        isDangerous: true,
        act: async () => {
          try {
            await cancelRun(tenant, run.id);
            toasts.done(t('run.cancelled_now'));
          } finally {
            await refresh();
          }
        },
      }}
    />
  );
}

function useRefresh(tenant: string, run: Run): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: ['run', tenant, run.id] });
    await client.invalidateQueries({ queryKey: ['runs', tenant] });
  };
}
