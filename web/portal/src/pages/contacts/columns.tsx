import { Badge, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useIsNarrow } from '../../app/theme';
import type { Contact } from '../../data/contacts';
import type { Translate } from '../../i18n/catalogue';
import { Initials } from '../../parts/Initials';
import type { Column } from '../../parts/list';
import { PresenceCell } from './PresenceCell';

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

/** What the list of contacts can show. */
export function columnsOf(t: Translate, tenant: string): Column<Contact>[] {
  return [
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
  ];
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
