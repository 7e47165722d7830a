import { Badge, Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { EyeRegular } from '@fluentui/react-icons/svg/eye';
import { WebAssetRegular } from '@fluentui/react-icons/svg/web-asset';
import { useQuery } from '@tanstack/react-query';
import { type LinkProps, useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../app/session';
import { sitesToChooseQuery } from '../../data/choices';
import { type Publication, publicationsSource } from '../../data/publications';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { List, type ListSpec, type RowAction } from '../../parts/list';
import { Page } from '../../parts/Page';
import { SetupLink } from '../../parts/SetupLink';
import type { PublicationTab } from './tabs';
import { usePublicationRemoval } from './usePublicationRemoval';

/** The publications of a tenant. */
export function PublicationsPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/publications' });
  const may = useMay(tenant);
  const mayChange = may('manage_publications');
  const sites = useQuery({ ...sitesToChooseQuery(tenant), enabled: may('read_sites') });
  const navigate = useNavigate();
  const { pageOf, actions, dialog } = usePublicationActions(tenant);
  const add = mayChange && (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      onClick={() => void navigate({ to: '/t/$tenant/publications/new', params: { tenant } })}
    >
      {t('publications.add')}
    </Button>
  );
  const spec: ListSpec<Publication> = {
    label: t('publications.title'),
    source: publicationsSource(tenant),
    id: ({ id }) => id,
    name: ({ title }) => title ?? '',
    link: (it) => pageOf(it),
    columns: columnsOf(t, (id) => sites.data?.find((site) => site.id === id)?.name),
    empty: {
      icon: <WebAssetRegular />,
      title: t('publications.empty.title'),
      text: t('publications.empty.text'),
      action: add && (
        <>
          {add}
          <SetupLink tenant={tenant} step="publication" />
        </>
      ),
    },
    ...(mayChange && { actions }),
  };
  return (
    <Page title={t('publications.title')} actions={add}>
      <List spec={spec} />
      {dialog}
    </Page>
  );
}

/** What can be done with a publication, and where it is. */
function usePublicationActions(tenant: string): {
  pageOf: (it: Publication, tab?: PublicationTab) => LinkProps;
  actions: (it: Publication) => RowAction[];
  dialog: ReactNode;
} {
  const t = useT();
  const navigate = useNavigate();
  const removal = usePublicationRemoval({ tenant });
  const pageOf = ({ id }: Publication, tab?: PublicationTab): LinkProps => ({
    to: '/t/$tenant/publications/$publication',
    params: { tenant, publication: id },
    search: tab ? { tab } : {},
  });
  const go = (to: LinkProps): void => void navigate(to as never);
  const actions = (it: Publication): RowAction[] => [
    { id: 'edit', label: t('action.edit'), icon: <EditRegular />, act: () => go(pageOf(it)) },
    {
      id: 'preview',
      label: t('publication.tab.preview'),
      icon: <EyeRegular />,
      act: () => go(pageOf(it, 'preview')),
    },
    {
      id: 'remove',
      label: t('action.delete'),
      icon: <DeleteRegular />,
      act: () => removal.ask(it),
    },
  ];
  return { pageOf, actions, dialog: removal.dialog };
}

/** What is told of each. */
function columnsOf(
  t: Translate,
  siteOf: (id: string) => string | undefined,
): ListSpec<Publication>['columns'] {
  return [
    {
      id: 'title',
      header: 'publication.title',
      width: '2fr',
      cell: ({ title }) => <span title={title ?? ''}>{title}</span>,
    },
    {
      id: 'site',
      header: 'publication.site',
      width: '1.5fr',
      isWide: true,
      cell: ({ site }) => (site ? siteOf(site) : t('value.none')),
    },
    {
      id: 'domains',
      header: 'domains.title',
      width: '8rem',
      isWide: true,
      cell: ({ domains }) => t('publications.domains', { count: domains?.length ?? 0 }),
    },
    {
      id: 'state',
      header: 'publications.state',
      width: '8rem',
      cell: ({ is_enabled }) => (
        <Badge appearance="tint" color={is_enabled ? 'success' : 'informative'}>
          {t(is_enabled ? 'publications.on' : 'publications.off')}
        </Badge>
      ),
    },
  ];
}
