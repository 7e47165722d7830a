import { Button, Field, Select } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Role } from '../../app/roles';
import { createGrant, type Grant } from '../../data/grants';
import type { Group } from '../../data/groups';
import { nameOfUser, type User, usersSource } from '../../data/users';
import { useT } from '../../i18n/context';
import { DialogFrame } from '../../parts/DialogFrame';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { type Pick, SearchPicker } from '../../parts/SearchPicker';
import { useToasts } from '../../parts/toasts';
import { isOn } from './administrators';

/** How many users are offered at once; writing narrows them down. */
const OFFERED = 20;

/** Gives somebody a role on a group. */
export function GiveRoleDialog(props: {
  tenant: string;
  group: Group;
  roles: readonly Role[];
  /** The tenant's, so that nobody is given what they have. */
  grants: readonly Grant[];
  close: () => void;
}): ReactNode {
  const { tenant, group, roles, grants, close } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const [role, setRole] = useState<Role>(() => roles.find((one) => one === 'group') ?? 'employee');
  const [user, setUser] = useState<{ id: string; name: string } | null>(null);
  const has = (id: string): boolean =>
    grants.some((grant) => grant.user === id && grant.role === role && isOn(grant, group));
  const giving = useMutation({
    mutationFn: ({ id }: { id: string; name: string }) =>
      createGrant(tenant, { user: id, role, scope: { kind: 'group', id: group.id } }),
    onSuccess: async (_, { name }) => {
      toasts.done(t('group.admins.added', { name, role: t(`role.${role}`) }));
      close();
      await client.invalidateQueries({ queryKey: ['grants', tenant] });
    },
  });
  const pickOf = (one: User): Pick => {
    const name = nameOfUser(one);
    const hint = has(one.id) ? t('group.admins.has') : name === one.name ? '' : one.name;
    return { id: one.id, name, isDisabled: has(one.id), ...(hint && { hint }) };
  };
  return (
    <DialogFrame
      title={t('group.admins.give.title', { name: group.name })}
      close={close}
      actions={
        <>
          <Button onClick={close}>{t('action.cancel')}</Button>
          <Button
            appearance="primary"
            disabledFocusable={!user || has(user.id) || giving.isPending}
            onClick={() => user && giving.mutate(user)}
          >
            {t('grants.give')}
          </Button>
        </>
      }
    >
      {giving.isError && <ErrorBanner error={giving.error} />}
      <Field label={t('grants.role')} hint={t(`role.${role}.help`)}>
        <Select
          value={role}
          onChange={(_, { value }) => {
            giving.reset();
            setRole(roles.find((one) => one === value) ?? role);
          }}
        >
          {roles.map((one) => (
            <option key={one} value={one}>
              {t(`role.${one}`)}
            </option>
          ))}
        </Select>
      </Field>
      <SearchPicker
        label={t('group.admins.search')}
        placeholder={t('group.admins.search')}
        searchKey={['users', tenant, 'pick', role]}
        search={async (words, signal) => {
          const { items } = await usersSource(tenant).read({ after: undefined, q: words, signal });
          return [{ picks: items.slice(0, OFFERED).map(pickOf) }];
        }}
        pick={(id, name) => {
          giving.reset();
          setUser({ id, name });
        }}
      />
      <span role="status">
        {user ? t('group.admins.chosen', { name: user.name }) : t('group.admins.nobody')}
      </span>
    </DialogFrame>
  );
}
