import { Badge, Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { BuildingRegular } from '@fluentui/react-icons/svg/building';
import { ContactCardRegular } from '@fluentui/react-icons/svg/contact-card';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { type LinkProps, useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../app/session';
import { type Site, sitesSource } from '../../data/sites';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { List, type ListSpec, type RowAction } from '../../parts/list';
import { Page } from '../../parts/Page';
import { useSiteRemoval } from './useSiteRemoval';

/** The sites of a tenant. */
export function SitesPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/sites' });
  const may = useMay(tenant);
  const navigate = useNavigate();
  const removal = useSiteRemoval({ tenant });
  const go = (to: LinkProps): void => void navigate(to as never);
  const pageOf = ({ id }: Site): LinkProps => ({
    to: '/t/$tenant/sites/$site',
    params: { tenant, site: id },
  });
  const add = may('manage_sites') && (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      onClick={() => go({ to: '/t/$tenant/sites/new', params: { tenant } })}
    >
      {t('sites.add')}
    </Button>
  );
  const actions = (site: Site): RowAction[] => [
    { id: 'edit', label: t('action.edit'), icon: <EditRegular />, act: () => go(pageOf(site)) },
    {
      id: 'contacts',
      label: t('sites.contacts'),
      icon: <ContactCardRegular />,
      act: () =>
        go({
          to: '/t/$tenant/contacts',
          params: { tenant },
          search: { group: site.root_group },
        } as LinkProps),
    },
    ...(may('manage_sites')
      ? [
          {
            id: 'remove',
            label: t('action.delete'),
            icon: <DeleteRegular />,
            act: () => removal.ask(site),
          },
        ]
      : []),
  ];
  const spec: ListSpec<Site> = {
    label: t('sites.title'),
    source: sitesSource(tenant),
    id: ({ id }) => id,
    name: ({ name }) => name ?? '',
    link: pageOf,
    actions,
    columns: columnsOf(t),
    empty: {
      icon: <BuildingRegular />,
      title: t('sites.empty.title'),
      text: t('sites.empty.text'),
      action: add || undefined,
    },
  };
  return (
    <Page title={t('sites.title')} actions={add}>
      <List spec={spec} />
      {removal.dialog}
    </Page>
  );
}

/** What is told of each. */
function columnsOf(t: Translate): ListSpec<Site>['columns'] {
  return [
    {
      id: 'name',
      header: 'sites.name',
      width: '2fr',
      cell: ({ name }) => <span title={name ?? ''}>{name}</span>,
    },
    {
      id: 'place',
      header: 'sites.place',
      width: '2fr',
      isWide: true,
      cell: ({ city, country }) => [city, country].filter(Boolean).join(', '),
    },
    {
      id: 'zone',
      header: 'site.time_zone',
      width: '1.4fr',
      isWide: true,
      cell: ({ time_zone }) => time_zone,
    },
    {
      id: 'state',
      header: 'sites.state',
      width: '8rem',
      cell: ({ is_enabled }) => (
        <Badge appearance="tint" color={is_enabled ? 'success' : 'informative'}>
          {t(is_enabled ? 'sites.on' : 'sites.off')}
        </Badge>
      ),
    },
  ];
}
