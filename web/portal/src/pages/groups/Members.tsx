import { makeStyles, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Contact, contactsSource } from '../../data/contacts';
import { addMember, type Group, membersSource, removeMember } from '../../data/groups';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { List, type ListSpec } from '../../parts/list';
import { SearchPicker } from '../../parts/SearchPicker';
import { useToasts } from '../../parts/toasts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    flexGrow: 1,
    minBlockSize: '18rem',
    rowGap: tokens.spacingVerticalM,
  },
  heading: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
});

/** Who is in a group, and how somebody comes in and goes. */
export function Members(props: { tenant: string; group: Group; mayChange: boolean }): ReactNode {
  const { tenant, group, mayChange } = props;
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const refresh = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: ['members', tenant, group.id] });
    await client.invalidateQueries({ queryKey: ['group', tenant, group.id] });
    await client.invalidateQueries({ queryKey: ['groups', tenant] });
  };
  const adding = useMutation({
    mutationFn: ({ id }: { id: string; name: string }) => addMember(tenant, group.id, id),
    onSuccess: (_, { name }) => toasts.done(t('group.member.added', { name })),
    onError: toasts.failed,
    onSettled: refresh,
  });
  const removing = useMutation({
    mutationFn: ({ id }: Contact) => removeMember(tenant, group.id, id),
    onSuccess: (_, { shown_name }) => toasts.done(t('group.member.removed', { name: shown_name })),
    onError: toasts.failed,
    onSettled: refresh,
  });

  const spec: ListSpec<Contact> = {
    label: t('group.members'),
    source: membersSource(tenant, group.id),
    id: ({ id }) => id,
    name: ({ shown_name }) => shown_name,
    link: ({ id }) => ({ to: '/t/$tenant/contacts/$contact', params: { tenant, contact: id } }),
    columns: columnsOf(t, group),
    empty: {
      icon: <PeopleRegular />,
      title: t('group.members.empty.title'),
      text: t(mayChange ? 'group.members.empty.text' : 'group.members.empty.fixed'),
    },
    ...(mayChange && {
      actions: (contact) => [
        {
          id: 'remove',
          label: t(isAtHome(group, contact) ? 'group.member.stays' : 'group.member.remove'),
          icon: <DismissRegular />,
          isDisabled: isAtHome(group, contact),
          act: () => removing.mutate(contact),
        },
      ],
    }),
  };
  return (
    <section className={styles.root} aria-labelledby="members">
      <h2 id="members" className={styles.heading}>
        {t('group.members')}
      </h2>
      {mayChange && (
        <SearchPicker
          label={t('group.member.add')}
          placeholder={t('group.member.add')}
          searchKey={['contacts', tenant, 'pick']}
          search={async (words, signal) => {
            const page = await contactsSource(tenant).read({ after: undefined, q: words, signal });
            return [{ picks: page.items.slice(0, OFFERED).map(pickOf) }];
          }}
          pick={(id, name) => adding.mutate({ id, name })}
        />
      )}
      <List spec={spec} />
    </section>
  );
}

/** How many contacts are offered at once; writing narrows them down. */
const OFFERED = 20;

function pickOf({ id, shown_name, mail }: Contact) {
  return { id, name: shown_name, ...(mail ? { hint: mail } : {}) };
}

/** Whether a contact is in the group because its site is: it cannot leave by itself. */
function isAtHome(group: Group, { home_site }: Contact): boolean {
  return Boolean(group.root_of) && home_site === group.root_of;
}

/** What is told of each. */
function columnsOf(t: Translate, group: Group): ListSpec<Contact>['columns'] {
  return [
    {
      id: 'name',
      header: 'contacts.name',
      width: '2fr',
      cell: ({ shown_name }) => <span title={shown_name}>{shown_name}</span>,
    },
    ...(group.root_of
      ? [
          {
            id: 'why',
            header: 'group.member.why',
            cell: (it: Contact) =>
              t(isAtHome(group, it) ? 'group.member.home' : 'group.member.listed'),
          } as const,
        ]
      : []),
    { id: 'mail', header: 'contact.mail', width: '2fr', isWide: true, cell: ({ mail }) => mail },
  ];
}
