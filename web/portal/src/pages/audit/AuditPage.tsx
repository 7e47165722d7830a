import { Button } from '@fluentui/react-components';
import { ArrowUndoRegular } from '@fluentui/react-icons/svg/arrow-undo';
import { ClipboardTaskRegular } from '@fluentui/react-icons/svg/clipboard-task';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { useMay } from '../../app/session';
import { type AuditEntry, auditSource, changesOf } from '../../data/audit';
import { usersToNameQuery } from '../../data/users';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { Changes } from '../../parts/Changes';
import { DialogFrame } from '../../parts/DialogFrame';
import { List, type ListSpec, type RowAction } from '../../parts/list';
import { Page } from '../../parts/Page';
import { useAsked } from '../../parts/useAsked';
import { nameOf } from './names';
import { UndoDialog } from './UndoDialog';
import { undoOf } from './undo';
import type { Doable } from './undoing';

/** Who did what in a tenant, and when; and what of it can be undone. */
export function AuditPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/audit' });
  const { data: users = [] } = useQuery(usersToNameQuery(tenant));
  const [opened, setOpened] = useState<AuditEntry | null>(null);
  const source = useMemo(() => auditSource(tenant), [tenant]);
  const who = ({ actor }: AuditEntry): string => {
    if (actor.kind !== 'user') return t(`audit.actor.${actor.kind}`);
    const name = users.find(({ id }) => id === actor.id)?.name;
    return t('audit.actor.user', { name: name ?? actor.id });
  };
  const what = ({ act, kind }: AuditEntry): string =>
    t('audit.of', { act: t(`act.${act}`), kind: t(`kind.${kind}`) });
  const { undoFor, dialog } = useUndoing(tenant, what);
  const spec: ListSpec<AuditEntry> = {
    label: t('audit.title'),
    source,
    id: ({ id }) => id,
    name: (entry) => `${what(entry)}, ${t('runs.at', { at: entry.at })}`,
    columns: [
      { id: 'at', header: 'audit.at', cell: ({ at }) => t('runs.at', { at }) },
      { id: 'who', header: 'audit.actor', isWide: true, cell: who },
      { id: 'what', header: 'audit.act', cell: what },
      {
        id: 'changes',
        header: 'audit.changes',
        width: '2fr',
        isWide: true,
        cell: (entry) => fieldsOf(t, entry),
      },
    ],
    actions: (entry) => {
      const undo = undoFor(entry);
      const details = { id: 'details', label: t('audit.details'), act: () => setOpened(entry) };
      return undo ? [details, undo] : [details];
    },
    empty: {
      icon: <ClipboardTaskRegular />,
      title: t('audit.empty.title'),
      text: t('audit.empty.text'),
    },
  };
  return (
    <Page title={t('audit.title')}>
      <List spec={spec} isSearchable={false} />
      {opened && (
        <Details
          entry={opened}
          title={what(opened)}
          who={who(opened)}
          undo={undoFor(opened)}
          close={() => setOpened(null)}
        />
      )}
      {dialog}
    </Page>
  );
}

function fieldsOf(t: Translate, entry: AuditEntry): string {
  return changesOf(entry)
    .map(({ field }) => nameOf(t, entry.kind, field))
    .join(', ');
}

/** What undoes an entry, nothing where there is no sound way; and the dialog while it is open. */
function useUndoing(
  tenant: string,
  what: (entry: AuditEntry) => string,
): { undoFor: (entry: AuditEntry) => RowAction | null; dialog: ReactNode } {
  const t = useT();
  const may = useMay(tenant);
  const navigate = useNavigate();
  const { ask, dialog } = useAsked<{ undo: Doable; what: string }>((about, close) => (
    <UndoDialog tenant={tenant} {...about} close={close} />
  ));
  const undoFor = (entry: AuditEntry): RowAction | null => {
    const undo = undoOf(entry, { may, now: Date.now() });
    if (!undo) return null;
    const look = { id: 'undo', icon: <ArrowUndoRegular /> };
    if (undo.how !== 'run') {
      const act = (): void => ask({ undo, what: what(entry) });
      return { ...look, label: t('work.undo'), act };
    }
    const params = { tenant, run: undo.run };
    const act = (): void => void navigate({ to: '/t/$tenant/runs/$run', params });
    return { ...look, label: t('audit.undo.run'), act };
  };
  return { undoFor, dialog };
}

function Details(props: {
  entry: AuditEntry;
  title: string;
  who: string;
  undo: RowAction | null;
  close: () => void;
}): ReactNode {
  const { entry, title, who, undo, close } = props;
  const t = useT();
  const changes = changesOf(entry).map(({ field, ...values }) => ({
    id: field,
    label: nameOf(t, entry.kind, field),
    ...values,
  }));
  return (
    <DialogFrame
      title={title}
      close={close}
      actions={
        <>
          {undo && (
            <Button
              onClick={() => {
                close();
                undo.act();
              }}
            >
              {undo.label}
            </Button>
          )}
          <Button onClick={close}>{t('action.close')}</Button>
        </>
      }
    >
      <span>
        {who} · {t('runs.at', { at: entry.at })}
      </span>
      <span>
        {t('audit.object')}: {entry.object}
      </span>
      {changes.length > 0 ? <Changes changes={changes} /> : t('audit.nothing')}
      {entry.request && <span>{t('audit.request', { request: entry.request })}</span>}
    </DialogFrame>
  );
}
