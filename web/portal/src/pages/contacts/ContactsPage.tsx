import { Badge, Button, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { ContactCardRegular } from '@fluentui/react-icons/svg/contact-card';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { filterOf } from '../../app/search';
import { useMay } from '../../app/session';
import { useIsNarrow } from '../../app/theme';
import { type Contact, contactCountQuery, contactsSource } from '../../data/contacts';
import { useT } from '../../i18n/context';
import { Initials } from '../../parts/Initials';
import { type Column, List, type ListSpec } from '../../parts/list';
import { Page } from '../../parts/Page';
import { Synchronize } from '../runs/Synchronize';
import { FilterBar } from './FilterBar';
import { PresenceCell } from './PresenceCell';
import { useContactSync } from './useContactSync';
import { useRemoval } from './useRemoval';

const BulkActions = lazy(() => import('./BulkActions').then((it) => ({ default: it.BulkActions })));

/** What else of a contact can be a column. */
const TEXTS = [
  ['sip', 'contact.sip'],
  ['skype', 'contact.skype'],
  ['company', 'contact.company'],
  ['office', 'contact.office'],
  ['work_phone', 'contact.work_phone'],
  ['work_city', 'contact.work_city'],
  ['work_country', 'contact.work_country'],
] as const;
const FLAGS = [
  ['is_vcard_enabled', 'contacts.column.vcard'],
  ['can_be_contacted_on_busy', 'contacts.column.on_busy'],
  ['is_hybrid', 'contacts.column.hybrid'],
] as const;

const useStyles = makeStyles({
  name: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    minInlineSize: 0,
  },
  text: { overflow: 'hidden', textOverflow: 'ellipsis' },
});

/** The contacts of a tenant. */
export function ContactsPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/contacts' });
  const search = useSearch({ from: '/signed/t/$tenant/contacts' });
  const { q } = search;
  const filter = filterOf({ ...search });
  const { data: total } = useQuery({
    ...contactCountQuery(tenant, filter, q),
    placeholderData: keepPreviousData,
  });
  const mayChange = useMay(tenant)('manage_contacts');
  const navigate = useNavigate();
  const removal = useRemoval({ tenant });
  const sync = useContactSync(tenant);
  const add = (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      onClick={() => void navigate({ to: '/t/$tenant/contacts/new', params: { tenant } })}
    >
      {t('contacts.add')}
    </Button>
  );
  const open = (contact: Contact): void =>
    void navigate({ to: '/t/$tenant/contacts/$contact', params: { tenant, contact: contact.id } });

  const spec: ListSpec<Contact> = {
    label: t('contacts.title'),
    source: contactsSource(tenant, filter),
    remember: 'contacts',
    bar: <FilterBar tenant={tenant} filter={filter} />,
    total: total ?? null,
    isNarrowed: Object.keys(filter).length > 0,
    id: ({ id }) => id,
    name: ({ shown_name }) => shown_name,
    link: ({ id }) => ({ to: '/t/$tenant/contacts/$contact', params: { tenant, contact: id } }),
    columns: [
      { id: 'name', header: 'contacts.name', width: '1.6fr', cell: (it) => <Name contact={it} /> },
      {
        id: 'presence',
        header: 'contacts.presence',
        width: '1.3fr',
        cell: ({ id, is_disabled }) =>
          is_disabled ? (
            <Badge appearance="tint" color="informative">
              {t('contacts.disabled')}
            </Badge>
          ) : (
            <PresenceCell tenant={tenant} contact={id} />
          ),
      },
      {
        id: 'kind',
        header: 'contacts.kind',
        width: '5rem',
        isWide: true,
        cell: (it) => t(it.is_ucma_endpoint ? 'contacts.service' : 'contacts.person'),
      },
      {
        id: 'mail',
        header: 'contact.mail',
        width: '2fr',
        isWide: true,
        cell: ({ mail }) => <span title={mail ?? ''}>{mail}</span>,
      },
      {
        id: 'job',
        header: 'contact.job_title',
        width: '1.5fr',
        isWide: true,
        cell: ({ job_title }) => <span title={job_title ?? ''}>{job_title}</span>,
      },
      ...TEXTS.map(
        ([id, header]): Column<Contact> => ({
          id,
          header,
          isWide: true,
          isExtra: true,
          cell: (it) => <span title={it[id] ?? ''}>{it[id]}</span>,
        }),
      ),
      ...FLAGS.map(
        ([id, header]): Column<Contact> => ({
          id,
          header,
          width: '6rem',
          isWide: true,
          isExtra: true,
          cell: (it) => t(it[id] ? 'value.yes' : 'value.no'),
        }),
      ),
    ],
    empty: {
      icon: <ContactCardRegular />,
      title: t('contacts.empty.title'),
      text: t('contacts.empty.text'),
      action: mayChange ? add : undefined,
    },
    ...(mayChange && {
      bulk: (chosen) => (
        <Suspense>
          <BulkActions tenant={tenant} chosen={chosen} />
        </Suspense>
      ),
      actions: (contact) => [
        { id: 'edit', label: t('action.edit'), icon: <EditRegular />, act: () => open(contact) },
        {
          id: 'synchronize',
          label: t('synchronize.action'),
          icon: <ArrowSyncRegular />,
          act: () => sync.start(contact),
        },
        {
          id: 'remove',
          label: t('action.delete'),
          icon: <DeleteRegular />,
          act: () => removal.ask(contact),
        },
      ],
    }),
  };
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

function Name({ contact }: { contact: Contact }): ReactNode {
  const styles = useStyles();
  const isNarrow = useIsNarrow();
  return (
    <span className={styles.name}>
      {!isNarrow && (
        <Initials name={contact.shown_name} isSquare={contact.is_ucma_endpoint ?? false} />
      )}
      <span className={styles.text} title={contact.shown_name}>
        {contact.shown_name}
      </span>
    </span>
  );
}
