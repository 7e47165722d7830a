import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Role, Scope } from '../../app/roles';
import { createGrant } from '../../data/grants';
import type { User } from '../../data/users';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { useToasts } from '../../parts/toasts';
import { type Chosen, firstOf, RoleScope, scopeOf } from './RoleScope';
import type { Scopes } from './useScopes';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
});

/** Gives a role to a user. */
export function GiveRole(props: {
  tenant: string;
  user: User;
  roles: readonly Role[];
  scopes: Scopes;
  given: () => Promise<void>;
}): ReactNode {
  const { tenant, user, roles, scopes, given } = props;
  const styles = useStyles();
  const t = useT();
  const toasts = useToasts();
  const [chosen, setChosen] = useState<Chosen | null>(() => firstOf(roles));
  const [isIncomplete, setIncomplete] = useState(false);
  const giving = useMutation({
    mutationFn: (fields: { role: Role; scope: Scope }) =>
      createGrant(tenant, { user: user.id, ...fields }),
    onSuccess: async () => {
      toasts.done(t('grants.added'));
      await given();
    },
  });
  if (!chosen) return null;
  const scope = scopeOf(chosen, tenant);
  return (
    <form
      noValidate
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        setIncomplete(!scope);
        if (scope && !giving.isPending) giving.mutate({ role: chosen.role, scope });
      }}
    >
      <h2 className={styles.title}>{t('grants.add')}</h2>
      {giving.isError && <ErrorBanner error={giving.error} />}
      <RoleScope
        roles={roles}
        scopes={scopes}
        value={chosen}
        set={(next) => {
          setChosen(next);
          giving.reset();
        }}
        refusal={isIncomplete && !scope ? t('grants.required') : null}
      />
      <div>
        <Button type="submit" disabledFocusable={giving.isPending}>
          {t('grants.give')}
        </Button>
      </div>
    </form>
  );
}
