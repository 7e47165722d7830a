import { Badge, Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { DatabaseRegular } from '@fluentui/react-icons/svg/database';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { parseCron } from '../../app/cron';
import { cronText } from '../../app/cron-words';
import { useMay } from '../../app/session';
import { type Source, sourcesSource } from '../../data/sources';
import { useT, useWords, type Words } from '../../i18n/context';
import { List, type ListSpec, type RowAction } from '../../parts/list';
import { Page } from '../../parts/Page';
import { SetupLink } from '../../parts/SetupLink';
import { Synchronize, SynchronizeNow } from '../runs/Synchronize';
import { useSourceRemoval } from './useSourceRemoval';

/** The sources of a tenant. */
export function SourcesPage(): ReactNode {
  const words = useWords();
  const { t } = words;
  const { tenant } = useParams({ from: '/signed/t/$tenant/sources' });
  const mayChange = useMay(tenant)('manage_sources');
  const navigate = useNavigate();
  const add = (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      onClick={() => void navigate({ to: '/t/$tenant/sources/new', params: { tenant } })}
    >
      {t('sources.add')}
    </Button>
  );
  const { actions, dialogs } = useSourceActions(tenant);
  const spec: ListSpec<Source> = {
    label: t('sources.title'),
    source: sourcesSource(tenant),
    id: ({ id }) => id,
    name: ({ name }) => name,
    link: ({ id }) => ({ to: '/t/$tenant/sources/$source', params: { tenant, source: id } }),
    columns: columnsOf(words),
    ...(actions && { actions }),
    empty: {
      icon: <DatabaseRegular />,
      title: t('sources.empty.title'),
      text: t('sources.empty.text'),
      ...(mayChange && {
        action: (
          <>
            {add}
            <SetupLink tenant={tenant} step="source" />
          </>
        ),
      }),
    },
  };
  return (
    <Page
      title={t('sources.title')}
      actions={
        <>
          <Synchronize tenant={tenant} />
          {mayChange && add}
        </>
      }
    >
      <List spec={spec} />
      {dialogs}
    </Page>
  );
}

/** What can be done with a source; nothing for who only looks. */
function useSourceActions(tenant: string): {
  actions: ListSpec<Source>['actions'];
  dialogs: ReactNode;
} {
  const t = useT();
  const may = useMay(tenant);
  const navigate = useNavigate();
  const removal = useSourceRemoval({ tenant });
  const [running, setRunning] = useState<Source | null>(null);
  const mayChange = may('manage_sources');
  const mayRun = may('synchronize');
  const open = ({ id }: Source): void =>
    void navigate({ to: '/t/$tenant/sources/$source', params: { tenant, source: id } });
  const runs = (it: Source): RowAction[] =>
    mayRun && it.connection.kind !== 'sip'
      ? [
          {
            id: 'synchronize',
            label: t('synchronize.action'),
            icon: <ArrowSyncRegular />,
            act: () => setRunning(it),
          },
        ]
      : [];
  const changes = (it: Source): RowAction[] => [
    { id: 'edit', label: t('action.edit'), icon: <EditRegular />, act: () => open(it) },
    {
      id: 'remove',
      label: t('action.delete'),
      icon: <DeleteRegular />,
      act: () => removal.ask(it),
    },
  ];
  const actions = (it: Source): RowAction[] => [...runs(it), ...(mayChange ? changes(it) : [])];
  return {
    actions: mayChange || mayRun ? actions : undefined,
    dialogs: (
      <>
        {removal.dialog}
        {running && (
          <SynchronizeNow tenant={tenant} source={running} close={() => setRunning(null)} />
        )}
      </>
    ),
  };
}

/** What is told of each. */
function columnsOf(words: Words): ListSpec<Source>['columns'] {
  const { t } = words;
  return [
    { id: 'name', header: 'sources.name', width: '2fr', cell: ({ name }) => name },
    {
      id: 'kind',
      header: 'sources.kind',
      isWide: true,
      cell: ({ connection }) => t(`sources.${connection.kind}`),
    },
    {
      id: 'schedule',
      header: 'sources.schedule',
      width: '2fr',
      isWide: true,
      cell: ({ schedule }) => {
        const cron = schedule ? parseCron(schedule) : null;
        return cron ? cronText(words, cron) : (schedule ?? t('sources.manual'));
      },
    },
    {
      id: 'state',
      header: 'sources.state',
      width: '11rem',
      cell: (source) => <State source={source} />,
    },
  ];
}

function State({ source }: { source: Source }): ReactNode {
  const t = useT();
  if (source.secret === 'enter_again') {
    return (
      <Badge appearance="tint" color="warning">
        {t('sources.secret_again')}
      </Badge>
    );
  }
  return (
    <Badge appearance="tint" color={source.is_disabled ? 'informative' : 'success'}>
      {t(source.is_disabled ? 'sources.off' : 'sources.on')}
    </Badge>
  );
}
