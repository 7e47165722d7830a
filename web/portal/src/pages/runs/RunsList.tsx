import { Badge } from '@fluentui/react-components';
import { HistoryRegular } from '@fluentui/react-icons/svg/history';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { type Run, runsSource } from '../../data/runs';
import { type Source, sourcesToChooseQuery } from '../../data/sources';
import { useT } from '../../i18n/context';
import { List, type ListSpec } from '../../parts/list';
import { problemText, STATE_COLORS } from './words';

/** The runs of a tenant, or of one of its sources, latest first. */
export function RunsList({ tenant, source }: { tenant: string; source?: Source }): ReactNode {
  const t = useT();
  const { data: sources } = useQuery(sourcesToChooseQuery(tenant));
  const list = useMemo(() => runsSource(tenant, source?.id), [tenant, source?.id]);
  const nameOf = (run: Run): string =>
    sources ? (sources.find(({ id }) => id === run.source)?.name ?? t('runs.gone')) : '';
  const result = ({ state, problem, counts, contacts }: Run): string => {
    if (problem) return problemText(t, problem);
    if (state === 'running') return contacts ? t('run.about', { count: contacts.length }) : '';
    if (contacts && counts.not_found > 0) return t('runs.not_found', { count: counts.not_found });
    const changed = counts.created + counts.linked + counts.updated + counts.enabled;
    return t('runs.changes', { changed, disabled: counts.disabled });
  };
  const spec: ListSpec<Run> = {
    label: t('runs.title'),
    source: list,
    id: ({ id }) => id,
    name: ({ started_at }) => t('runs.at', { at: started_at }),
    link: ({ id }) => ({ to: '/t/$tenant/runs/$run', params: { tenant, run: id } }),
    columns: [
      {
        id: 'started',
        header: 'runs.started',
        width: '1.2fr',
        cell: ({ started_at }) => t('runs.at', { at: started_at }),
      },
      ...(source
        ? []
        : [{ id: 'source', header: 'runs.source', isWide: true, cell: nameOf } as const]),
      {
        id: 'state',
        header: 'runs.state',
        width: '10rem',
        cell: ({ state }) => (
          <Badge appearance="tint" color={STATE_COLORS[state]}>
            {t(`run.${state}`)}
          </Badge>
        ),
      },
      {
        id: 'trigger',
        header: 'runs.trigger',
        isWide: true,
        cell: ({ trigger }) => t(`runs.${trigger}`),
      },
      { id: 'result', header: 'runs.result', width: '2.5fr', isWide: true, cell: result },
    ],
    empty: {
      icon: <HistoryRegular />,
      title: t('runs.empty.title'),
      text: t('runs.empty.text'),
    },
  };
  return <List spec={spec} isSearchable={false} />;
}
