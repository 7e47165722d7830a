import { Button } from '@fluentui/react-components';
import { ClipboardTaskRegular } from '@fluentui/react-icons/svg/clipboard-task';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { type AuditEntry, auditSource, changesOf } from '../../data/audit';
import { usersToNameQuery } from '../../data/users';
import { useT } from '../../i18n/context';
import { Changes } from '../../parts/Changes';
import { DialogFrame } from '../../parts/DialogFrame';
import { List, type ListSpec } from '../../parts/list';
import { Page } from '../../parts/Page';

/** Who did what in a tenant, and when. */
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
        cell: (entry) =>
          changesOf(entry)
            .map(({ field }) => field)
            .join(', '),
      },
    ],
    actions: (entry) => [{ id: 'details', label: t('audit.details'), act: () => setOpened(entry) }],
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
          close={() => setOpened(null)}
        />
      )}
    </Page>
  );
}

function Details(props: {
  entry: AuditEntry;
  title: string;
  who: string;
  close: () => void;
}): ReactNode {
  const { entry, title, who, close } = props;
  const t = useT();
  const changes = changesOf(entry).map(({ field, ...values }) => ({ label: field, ...values }));
  return (
    <DialogFrame
      title={title}
      close={close}
      actions={<Button onClick={close}>{t('action.close')}</Button>}
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
