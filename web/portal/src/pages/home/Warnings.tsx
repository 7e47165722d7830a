import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMay } from '../../app/session';
import { homeSourcesQuery, latestRunsQuery } from '../../data/home';
import type { Tenant } from '../../data/tenants';
import { useT } from '../../i18n/context';

/** What somebody should know before anything else. */
export function Warnings({ tenant }: { tenant: Tenant }): ReactNode {
  const t = useT();
  const may = useMay(tenant.id)('read_sources');
  const { data: runs = [] } = useQuery({ ...latestRunsQuery(tenant.id), enabled: may });
  const { data: sources = [] } = useQuery({ ...homeSourcesQuery(tenant.id), enabled: may });
  const nameOf = (id: string): string => sources.find((source) => source.id === id)?.name ?? id;
  // Runs for some contacts go on beside a plan that waits, and say little about a source.
  const whole = runs.filter(({ contacts }) => !contacts);
  const newest = whole.filter(
    (run, at) => whole.findIndex((one) => one.source === run.source) === at,
  );

  const warnings = [
    ...(tenant.is_disabled ? [t('home.warning.disabled')] : []),
    ...(tenant.is_directory_sync_enabled === false ? [t('home.warning.no_sync')] : []),
    ...newest
      .filter(({ state }) => state === 'awaiting_approval')
      .map(({ source }) => t('home.warning.approval', { source: nameOf(source) })),
    ...newest
      .filter(({ state }) => state === 'failed')
      .map(({ source }) => t('home.warning.failed', { source: nameOf(source) })),
    ...sources
      .filter(({ secret }) => secret === 'enter_again')
      .map(({ name }) => t('home.warning.secret', { source: name })),
  ];
  return warnings.map((text) => (
    <MessageBar key={text} intent="warning" layout="multiline">
      <MessageBarBody>{text}</MessageBarBody>
    </MessageBar>
  ));
}
