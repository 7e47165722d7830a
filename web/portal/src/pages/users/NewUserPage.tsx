import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import {
  createUser,
  fieldsOfUser,
  NO_USER,
  nameOfUser,
  type User,
  updateUser,
} from '../../data/users';
import { useT } from '../../i18n/context';
import { Form, useForm } from '../../parts/form';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { Wizard } from '../../parts/Wizard';
import { Grants } from './Grants';
import { PasswordForm } from './PasswordForm';
import { type Place, useUsersPlace } from './place';
import { useUserSpec } from './spec';

const useStyles = makeStyles({
  step: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXXL },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

type Step = 'account' | 'roles' | 'password';

/** Makes a user in three steps: the account, its roles, its password. */
export function NewUserPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const place = useUsersPlace();
  const navigate = useNavigate();
  const toasts = useToasts();
  const [user, setUser] = useState<User | null>(null);
  const [step, setStep] = useState<Step>('account');
  const finish = (): void => {
    if (user) toasts.done(t('user.created', { name: nameOfUser(user) }));
    void navigate(place.list as never);
  };
  const account = (
    <Account
      key={user?.revision ?? 0}
      place={place}
      user={user}
      made={(kept) => {
        setUser(kept);
        setStep('roles');
      }}
    />
  );
  const roles = user && (
    <div className={styles.step}>
      <Grants tenant={place.tenant} reach={place.reach} user={user} />
      <div className={styles.actions}>
        <Button appearance="primary" onClick={() => setStep('password')}>
          {t('wizard.next')}
        </Button>
        <Button onClick={() => setStep('account')}>{t('wizard.back')}</Button>
      </div>
    </div>
  );
  const password = user && (
    <div className={styles.step}>
      <PasswordForm tenant={place.tenant} user={user} isOwn={false} />
      <div className={styles.actions}>
        <Button onClick={finish}>{t('wizard.finish')}</Button>
        <Button onClick={() => setStep('roles')}>{t('wizard.back')}</Button>
      </div>
    </div>
  );
  return (
    <Page title={t('users.new')} trail={place.trail}>
      <Wizard
        at={step}
        steps={[
          { id: 'account', title: t('users.step.account'), content: account },
          { id: 'roles', title: t('users.step.roles'), content: roles },
          { id: 'password', title: t('users.step.password'), content: password },
        ]}
      />
    </Page>
  );
}

/** The user is made when the account is complete; who comes back changes it. */
function Account(props: {
  place: Place;
  user: User | null;
  made: (user: User) => void;
}): ReactNode {
  const { place, user, made } = props;
  const { tenant, isPlatform } = place;
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const spec = useUserSpec({ tenant, hasSwitch: false, hasClient: !isPlatform });
  const form = useForm({
    spec,
    initial: user ? fieldsOfUser(user) : NO_USER,
    save: async (fields, base) => {
      const kept = user
        ? await updateUser(tenant, user.id, { revision: user.revision, base, fields })
        : await createUser(tenant, fields);
      await client.invalidateQueries({ queryKey: ['users', tenant] });
      made(kept);
      return undefined;
    },
  });
  return (
    <Form
      form={form}
      submitLabel={t('wizard.next')}
      cancel={() => void navigate(place.list as never)}
    />
  );
}
