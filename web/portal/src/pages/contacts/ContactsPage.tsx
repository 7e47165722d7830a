import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { ContactCardRegular } from '@fluentui/react-icons/svg/contact-card';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useCallback, useMemo } from 'react';
import { filterOf } from '../../app/search';
import { useMay } from '../../app/session';
import { type Contact, contactsSource } from '../../data/contacts';
import { useT } from '../../i18n/context';
import { List, type ListSpec, type RowAction } from '../../parts/list';
import { Page } from '../../parts/Page';
import { SetupLink } from '../../parts/SetupLink';
import { Synchronize } from '../runs/Synchronize';
import { columnsOf } from './columns';
import { FilterBar } from './FilterBar';
import { useContactSync } from './useContactSync';
import { useRemoval } from './useRemoval';

const BulkActions = lazy(() => import('./BulkActions').then((it) => ({ default: it.BulkActions })));

/** The contacts of a tenant. */
export function ContactsPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/contacts' });
  const search = useSearch({ from: '/signed/t/$tenant/contacts' });
  const filter = useMemo(() => filterOf({ ...search }), [search]);
  const mayChange = useMay(tenant)('manage_contacts');
  const navigate = useNavigate();
  const removal = useRemoval({ tenant });
  const sync = useContactSync(tenant);
  const add = useMemo(
    () => (
      <Button
        appearance="primary"
        icon={<AddRegular />}
        onClick={() => void navigate({ to: '/t/$tenant/contacts/new', params: { tenant } })}
      >
        {t('contacts.add')}
      </Button>
    ),
    [t, tenant, navigate],
  );
  const actions = useActions(tenant, { synchronize: sync.start, remove: removal.ask });
  // The rows are drawn again with another one of these, which is much work for every count that arrives.
  const spec = useMemo<ListSpec<Contact>>(
    () => ({
      label: t('contacts.title'),
      source: contactsSource(tenant, filter),
      remember: 'contacts',
      bar: <FilterBar tenant={tenant} filter={filter} />,
      isNarrowed: Object.keys(filter).length > 0,
      id: ({ id }) => id,
      name: ({ shown_name }) => shown_name,
      link: ({ id }) => ({ to: '/t/$tenant/contacts/$contact', params: { tenant, contact: id } }),
      columns: columnsOf(t, tenant),
      empty: {
        icon: <ContactCardRegular />,
        title: t('contacts.empty.title'),
        text: t('contacts.empty.text'),
        action: mayChange && (
          <>
            {add}
            <SetupLink tenant={tenant} step="source" />
          </>
        ),
      },
      ...(mayChange && {
        bulk: (chosen) => (
          <Suspense>
            <BulkActions tenant={tenant} chosen={chosen} />
          </Suspense>
        ),
        actions,
      }),
    }),
    [t, tenant, filter, mayChange, add, actions],
  );
  return (
    <Page
      title={t('contacts.title')}
      actions={
        <>
          <Synchronize tenant={tenant} />
          {mayChange && add}
        </>
      }
    >
      <List spec={spec} />
      {removal.dialog}
      {sync.dialog}
    </Page>
  );
}

/** What can be done with one contact. */
function useActions(
  tenant: string,
  does: { synchronize: (contact: Contact) => void; remove: (contact: Contact) => void },
): (contact: Contact) => RowAction[] {
  const { synchronize, remove } = does;
  const t = useT();
  const navigate = useNavigate();
  return useCallback(
    (contact) => [
      {
        id: 'edit',
        label: t('action.edit'),
        icon: <EditRegular />,
        act: () =>
          void navigate({
            to: '/t/$tenant/contacts/$contact',
            params: { tenant, contact: contact.id },
          }),
      },
      {
        id: 'synchronize',
        label: t('synchronize.action'),
        icon: <ArrowSyncRegular />,
        act: () => synchronize(contact),
      },
      {
        id: 'remove',
        label: t('action.delete'),
        icon: <DeleteRegular />,
        act: () => remove(contact),
      },
    ],
    [t, tenant, navigate, synchronize, remove],
  );
}
