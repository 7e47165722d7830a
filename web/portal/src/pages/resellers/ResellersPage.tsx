import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { BuildingShopRegular } from '@fluentui/react-icons/svg/building-shop';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Reseller, resellersSource } from '../../data/resellers';
import { useWords } from '../../i18n/context';
import { List, type ListSpec } from '../../parts/list';
import { Page } from '../../parts/Page';
import { useResellerRemoval } from './useResellerRemoval';

/** The resellers of the platform. */
export function ResellersPage(): ReactNode {
  const { t, locale } = useWords();
  const navigate = useNavigate();
  const removal = useResellerRemoval();
  const add = (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      onClick={() => void navigate({ to: '/resellers/new' })}
    >
      {t('resellers.add')}
    </Button>
  );
  const open = ({ id }: Reseller): void =>
    void navigate({ to: '/resellers/$reseller', params: { reseller: id } });
  const spec: ListSpec<Reseller> = {
    label: t('resellers.title'),
    source: resellersSource,
    id: ({ id }) => id,
    name: ({ name }) => name ?? '',
    link: ({ id }) => ({ to: '/resellers/$reseller', params: { reseller: id } }),
    columns: [
      { id: 'name', header: 'resellers.name', width: '2fr', cell: ({ name }) => name },
      {
        id: 'licences',
        header: 'resellers.licences',
        cell: ({ client_licences }) => new Intl.NumberFormat(locale).format(client_licences ?? 0),
      },
    ],
    actions: (it) => [
      { id: 'edit', label: t('action.edit'), icon: <EditRegular />, act: () => open(it) },
      {
        id: 'remove',
        label: t('action.delete'),
        icon: <DeleteRegular />,
        act: () => removal.ask(it),
      },
    ],
    empty: {
      icon: <BuildingShopRegular />,
      title: t('resellers.empty.title'),
      text: t('resellers.empty.text'),
      action: add,
    },
  };
  return (
    <Page title={t('resellers.title')} actions={add}>
      <List spec={spec} />
      {removal.dialog}
    </Page>
  );
}
