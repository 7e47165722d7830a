import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
} from '@fluentui/react-components';
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { differencesOf } from '../../data/audit';
import { groupQuery } from '../../data/groups';
import type { Entry } from '../../data/publications';
import { useT } from '../../i18n/context';
import { Changes } from '../../parts/Changes';
import { DialogFrame } from '../../parts/DialogFrame';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { useToasts } from '../../parts/toasts';
import { nameOf } from './names';
import { UndoneEntries } from './UndoneEntries';
import type { Values } from './undo';
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
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const now = useNow(tenant, undo);
  const doing = useMutation({
    mutationFn: () => carryOut(tenant, undo, now.data),
    onSuccess: async () => {
      toasts.done(t('audit.undone', { what }));
      close();
      // Whatever shows it, and the trail, which has one more entry.
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(tenant) });
    },
    // Somebody was faster: what is shown is what they made of it.
    onError: () => now.refetch(),
  });
  const isReading = now.isFetching;
  const found = now.data === undefined ? undefined : standingOf(now.data, undo);
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
      {!isReading && found && found !== 'as_left' && <WhyNot found={found} undo={undo} />}
      {!isReading && found !== 'undone' && !now.isError && (
        <Shown tenant={tenant} undo={undo} now={now.data} isReady={isReady} />
      )}
    </DialogFrame>
  );
}

/** What an undo is about, read whenever somebody asks. */
function useNow(tenant: string, undo: Doable): UseQueryResult<Kept | null> {
  return useQuery({
    queryKey: ['undo', tenant, undo.how, pathOf(tenant, undo)],
    queryFn: ({ signal }) => read(tenant, undo, signal),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

/** Why nothing is to be undone. */
function WhyNot({ found, undo }: { found: 'changed' | 'undone'; undo: Doable }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const changed = undo.how === 'unpin' ? 'audit.undo.newer' : 'audit.undo.changed';
  return (
    <MessageBar intent="warning" layout="multiline" className={styles.bar}>
      <MessageBarBody className={styles.text}>
        {t(found === 'undone' ? 'audit.undo.already' : changed)}
      </MessageBarBody>
    </MessageBar>
  );
}

interface ShownProps {
  tenant: string;
  undo: Doable;
  now: Kept | null | undefined;
  isReady: boolean;
}

/** Whom or what it is about, and what would be done. */
function Shown(props: ShownProps): ReactNode {
  const { undo, now } = props;
  const t = useT();
  const name = undo.how === 'restore' ? undo.name : (now?.shown_name ?? now?.title ?? now?.name);
  return (
    <>
      {typeof name === 'string' && <span>{t('audit.undo.of', { name })}</span>}
      <Done {...props} />
    </>
  );
}

/**
 * What would be done: in words, and the values as they are and as they would be; or, where nothing is to be done, what
 * the act left and what has become of it.
 */
function Done({ tenant, undo, now, isReady }: ShownProps): ReactNode {
  const t = useT();
  if (undo.how === 'restore') return <span>{t('audit.undo.restore')}</span>;
  if (undo.how === 'member') return <Member tenant={tenant} undo={undo} />;
  const kind = undo.how === 'fields' ? undo.kind : 'contact';
  const called = (field: string): string => nameOf(t, kind, field);
  if (undo.how === 'unpin') {
    const value = now?.[undo.field] ?? t('value.none');
    return (
      <>
        {isReady && <span>{t('audit.undo.unpin', { field: called(undo.field) })}</span>}
        <span>{t('audit.undo.value', { field: called(undo.field), value: String(value) })}</span>
      </>
    );
  }
  if (undo.how === 'entries') {
    const entries = (values: Values): Entry[] => values.entries as Entry[];
    const [from, to] = isReady ? [now ?? undo.after, undo.before] : [undo.after, now ?? undo.after];
    return <UndoneEntries tenant={tenant} from={entries(from)} to={entries(to)} />;
  }
  // As it is and as it would be; else what the act left, and what has become of it.
  const changes = Object.entries(undo.before).flatMap(([field, value]) =>
    isReady
      ? differencesOf(field, now?.[field], value)
      : differencesOf(field, undo.after[field], now?.[field]),
  );
  const shown = changes
    .filter(({ before, after }) => before !== after)
    .map(({ field, ...values }) => ({ id: field, label: called(field), ...values }));
  return (
    <>
      {undo.how === 'pin' && <span>{t('audit.undo.pin', { field: called(undo.field) })}</span>}
      {shown.length > 0 && <Changes changes={shown} />}
    </>
  );
}

function Member(props: { tenant: string; undo: Doable & { how: 'member' } }): ReactNode {
  const { group, becomesMember } = props.undo;
  const t = useT();
  const { data, isPending } = useQuery(groupQuery(props.tenant, group));
  if (isPending) return null;
  const key = becomesMember ? 'audit.undo.join' : 'audit.undo.leave';
  return <span>{t(key, { group: data?.name ?? group })}</span>;
}
