import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
} from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { differencesOf } from '../../data/audit';
import { useT } from '../../i18n/context';
import { Changes } from '../../parts/Changes';
import { DialogFrame } from '../../parts/DialogFrame';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { useToasts } from '../../parts/toasts';
import { carryOut, type Doable, type Kept, pathOf, read, standingOf } from './undoing';

const useStyles = makeStyles({ bar: { flexShrink: 0 }, text: { whiteSpace: 'normal' } });

/** Shows what undoing an act would change, as everything is now, and does it when somebody wants it. */
export function UndoDialog(props: {
  tenant: string;
  undo: Doable;
  /** What was done, in words. */
  what: string;
  close: () => void;
}): ReactNode {
  const { tenant, undo, what, close } = props;
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const path = pathOf(tenant, undo);
  const now = useQuery({
    queryKey: ['undo', tenant, path],
    queryFn: ({ signal }) => read(path ?? '', signal),
    enabled: path !== null,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const doing = useMutation({
    mutationFn: () => carryOut(tenant, undo, now.data),
    onSuccess: async () => {
      toasts.done(t('audit.undone', { what }));
      close();
      // Whatever shows it, and the trail, which has one more entry.
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(tenant) });
    },
    // Somebody was faster: what is shown is what they made of it.
    onError: () => path && now.refetch(),
  });
  const isReading = path !== null && now.isFetching;
  const found = path === null ? 'as_left' : now.data && standingOf(now.data, undo);
  const isReady = found === 'as_left' && !isReading && !now.isError;
  return (
    <DialogFrame
      title={t('audit.undo.title', { what })}
      close={close}
      actions={
        <>
          <Button onClick={close}>{t(isReady ? 'action.cancel' : 'action.close')}</Button>
          {isReady && (
            <Button
              appearance="primary"
              disabledFocusable={doing.isPending}
              onClick={() => doing.mutate()}
            >
              {t('work.undo')}
            </Button>
          )}
        </>
      }
    >
      {now.isError && <ErrorBanner error={now.error} />}
      {doing.isError && <ErrorBanner error={doing.error} />}
      {isReading && <Spinner size="tiny" label={t('frame.loading')} labelPosition="after" />}
      {!isReading && now.data && found !== 'as_left' && (
        <MessageBar intent="warning" layout="multiline" className={styles.bar}>
          <MessageBarBody className={styles.text}>
            {t(found === 'undone' ? 'audit.undo.already' : 'audit.undo.changed')}
          </MessageBarBody>
        </MessageBar>
      )}
      {!isReading && found !== 'undone' && !now.isError && (
        <Shown undo={undo} now={now.data} isReady={isReady} />
      )}
    </DialogFrame>
  );
}

/**
 * What would be done: in words, and the values as they are and as they would be; or, where nothing is to be done, what
 * the act left and what has become of it.
 */
function Shown(props: { undo: Doable; now: Kept | undefined; isReady: boolean }): ReactNode {
  const { undo, now, isReady } = props;
  const t = useT();
  if (undo.how === 'restore') return t('audit.undo.restore');
  if (undo.how === 'member') return t(undo.becomesMember ? 'audit.undo.join' : 'audit.undo.leave');
  if (undo.how === 'unpin') return t('audit.undo.unpin', { field: undo.field });
  const name = now?.shown_name ?? now?.title ?? now?.name;
  // As it is and as it would be; else what the act left, and what has become of it.
  const changes = Object.entries(undo.before).flatMap(([field, value]) =>
    isReady
      ? differencesOf(field, now?.[field], value)
      : differencesOf(field, undo.after[field], now?.[field]),
  );
  const shown = changes
    .filter(({ before, after }) => before !== after)
    .map(({ field, ...values }) => ({ label: field, ...values }));
  return (
    <>
      {typeof name === 'string' && <span>{t('audit.undo.of', { name })}</span>}
      {undo.how === 'pin' && <span>{t('audit.undo.pin', { field: undo.field })}</span>}
      {shown.length > 0 && <Changes changes={shown} />}
    </>
  );
}
