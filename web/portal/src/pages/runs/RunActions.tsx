import { Button } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../app/session';
import { approveRun, cancelRun, isOpen, leaversQuery, type Run, undoRun } from '../../data/runs';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useToasts } from '../../parts/toasts';

/** How many of those who leave are named. */
const NAMED = 10;

/** What can be decided about a run. */
export function RunActions({ tenant, run }: { tenant: string; run: Run }): ReactNode {
  const t = useT();
  const [asked, setAsked] = useState<'approve' | 'cancel' | 'undo' | null>(null);
  const close = (): void => setAsked(null);
  if (!useMay(tenant)('synchronize')) return null;
  return (
    <>
      {run.state === 'awaiting_approval' && (
        <Button appearance="primary" onClick={() => setAsked('approve')}>
          {t('run.approve')}
        </Button>
      )}
      {isOpen(run) && <Button onClick={() => setAsked('cancel')}>{t('run.cancel')}</Button>}
      {run.is_undoable && <Button onClick={() => setAsked('undo')}>{t('run.undo')}</Button>}
      {asked === 'approve' && <Approval tenant={tenant} run={run} close={close} />}
      {asked === 'cancel' && <Cancellation tenant={tenant} run={run} close={close} />}
      {asked === 'undo' && <Undoing tenant={tenant} run={run} close={close} />}
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
        text: t('run.approve.text', { ...counts, removed: counts.removed ?? 0 }),
        consequences,
        verb: t('run.approve.verb'),
        isDangerous: counts.disabled + (counts.removed ?? 0) > 0,
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

function Undoing({ tenant, run, close }: Props): ReactNode {
  const t = useT();
  const toasts = useToasts();
  const refresh = useRefresh(tenant, run);
  const navigate = useNavigate();
  return (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t('run.undo.title'),
        text: t('run.undo.text'),
        verb: t('run.undo.verb'),
        act: async () => {
          const undoing = await undoRun(tenant, run.id);
          await refresh();
          toasts.done(t('run.undo.started'));
          await navigate({ to: '/t/$tenant/runs/$run', params: { tenant, run: undoing.id } });
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
