import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { KeyRegular } from '@fluentui/react-icons/svg/key';
import { type LinkProps, useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type IdentityProvider, identityProvidersSource } from '../../data/identityProviders';
import { useT } from '../../i18n/context';
import { List, type ListSpec } from '../../parts/list';
import { Page } from '../../parts/Page';
import { useProviderRemoval } from './useProviderRemoval';

/** By whose word users of a tenant may sign in. */
export function IdentityProvidersPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/identity-providers' });
  const navigate = useNavigate();
  const removal = useProviderRemoval({ tenant });
  const pageOf = ({ id }: IdentityProvider): LinkProps => ({
    to: '/t/$tenant/identity-providers/$identityProvider',
    params: { tenant, identityProvider: id },
  });
  const add = (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      onClick={() => void navigate({ to: '/t/$tenant/identity-providers/new', params: { tenant } })}
    >
      {t('providers.add')}
    </Button>
  );
  const spec: ListSpec<IdentityProvider> = {
    label: t('providers.title'),
    source: identityProvidersSource(tenant),
    id: ({ id }) => id,
    name: ({ name }) => name,
    link: pageOf,
    columns: [
      {
        id: 'name',
        header: 'provider.name',
        width: '2fr',
        cell: ({ name }) => <span title={name}>{name}</span>,
      },
      {
        id: 'issuer',
        header: 'provider.issuer',
        width: '3fr',
        isWide: true,
        cell: ({ issuer }) => <span title={issuer}>{issuer}</span>,
      },
      {
        id: 'state',
        header: 'provider.state',
        width: '10rem',
        cell: ({ is_enabled }) => t(is_enabled === false ? 'provider.off' : 'provider.on'),
      },
    ],
    empty: {
      icon: <KeyRegular />,
      title: t('providers.empty.title'),
      text: t('providers.empty.text'),
      action: add,
    },
    actions: (provider) => [
      {
        id: 'edit',
        label: t('action.edit'),
        icon: <EditRegular />,
        act: () => void navigate(pageOf(provider) as never),
      },
      {
        id: 'remove',
        label: t('action.delete'),
        icon: <DeleteRegular />,
        act: () => removal.ask(provider),
      },
    ],
  };
  return (
    <Page title={t('providers.title')} actions={add}>
      <List spec={spec} />
      {removal.dialog}
    </Page>
  );
}
