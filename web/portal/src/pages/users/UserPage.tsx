import { Button, MessageBar, MessageBarBody, makeStyles, Tab } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { mayTake } from '../../app/roles';
import { useSession } from '../../app/session';
import { grantsQuery } from '../../data/grants';
import { fieldsOfUser, nameOfUser, type User, updateUser, userQuery } from '../../data/users';
import { useT } from '../../i18n/context';
import { GONE } from '../../parts/confirm';
import { Form, useForm } from '../../parts/form';
import { LINK } from '../../parts/lines';
import { Page } from '../../parts/Page';
import { Tabs } from '../../parts/Tabs';
import { useToasts } from '../../parts/toasts';
import { Grants } from './Grants';
import { PasswordForm } from './PasswordForm';
import { useUsersPlace } from './place';
import { SignInTab } from './SignInTab';
import { type Fixed, useUserSpec } from './spec';
import { useUserRemoval } from './useUserRemoval';

const useStyles = makeStyles({
  hidden: { display: 'none' },
  link: LINK,
});

/** One user: the account, its roles, its password. */
export function UserPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const place = useUsersPlace();
  const { tenant } = place;
  const id = useParams({ strict: false, select: ({ user }) => user ?? '' });
  const { data: user } = useSuspenseQuery(userQuery(tenant, id));
  const session = useSession();
  const grants = useQuery(grantsQuery(tenant));
  const [tab, setTab] = useState<unknown>('account');
  const navigate = useNavigate();
  const removal = useUserRemoval({
    tenant,
    removed: () => navigate({ ...place.list, ...GONE } as never),
  });
  const isOwn = user.id === session.user;
  const held = grants.data?.filter((grant) => grant.user === user.id) ?? [];
  const isBelow = held.every(({ role }) => mayTake(session.grants, role, place.reach));
  const isFixed = grants.isSuccess && !isBelow;
  const fixed = !isFixed ? 'nothing' : isOwn ? 'account' : 'all';
  const remove = (
    <Button icon={<DeleteRegular />} onClick={() => removal.ask(user)}>
      {t('action.delete')}
    </Button>
  );
  return (
    <Page
      title={nameOfUser(user)}
      trail={place.trail}
      actions={grants.isSuccess && isBelow && !isOwn && remove}
    >
      {isFixed && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>{t(isOwn ? 'account.fixed.account' : 'user.above')}</MessageBarBody>
        </MessageBar>
      )}
      {isOwn && (
        <div>
          {t('users.you')}:{' '}
          <Link to="/account" className={styles.link}>
            {t('account.title')}
          </Link>
        </div>
      )}
      <Tabs chosen={tab} choose={setTab}>
        <Tab value="account">{t('users.step.account')}</Tab>
        <Tab value="roles">{t('users.step.roles')}</Tab>
        {!isFixed && !isOwn && <Tab value="password">{t('users.step.password')}</Tab>}
        {!isFixed && !isOwn && <Tab value="sign-in">{t('users.sign_in')}</Tab>}
      </Tabs>
      <div className={tab === 'account' ? '' : styles.hidden}>
        <AccountForm
          key={user.id}
          tenant={tenant}
          user={user}
          fixed={fixed}
          isPlatform={place.isPlatform}
        />
      </div>
      {tab === 'roles' && <Grants tenant={tenant} reach={place.reach} user={user} />}
      {tab === 'password' && <PasswordForm tenant={tenant} user={user} isOwn={false} />}
      {tab === 'sign-in' && <SignInTab tenant={tenant} user={user} />}
      {removal.dialog}
    </Page>
  );
}

/** The fields of a user. */
export function AccountForm(props: {
  tenant: string;
  user: User;
  fixed: Fixed;
  isPlatform?: boolean;
}): ReactNode {
  const { tenant, user, fixed, isPlatform = false } = props;
  const t = useT();
  const client = useQueryClient();
  const session = useSession();
  const toasts = useToasts();
  const isOther = user.id !== session.user;
  const spec = useUserSpec({
    tenant,
    hasSwitch: isOther,
    hasClient: isOther && !isPlatform,
    fixed,
  });
  const revision = useRef(user.revision);
  const query = userQuery(tenant, user.id);
  const form = useForm({
    spec,
    initial: fieldsOfUser(user),
    save: async (fields, base) => {
      const kept = await updateUser(tenant, user.id, { revision: revision.current, base, fields });
      revision.current = kept.revision;
      client.setQueryData(query.queryKey, kept);
      toasts.done(t('user.saved', { name: nameOfUser(kept) }));
      await client.invalidateQueries({ queryKey: ['users', tenant] });
      return fieldsOfUser(kept);
    },
    reload: async () => {
      const theirs = await client.fetchQuery({ ...query, staleTime: 0 });
      revision.current = theirs.revision;
      return fieldsOfUser(theirs);
    },
  });
  return <Form form={form} submitLabel={t('action.save')} isReadOnly={fixed === 'all'} />;
}
