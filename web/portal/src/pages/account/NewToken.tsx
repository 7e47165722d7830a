import {
  Button,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { isProblem } from '@switchboard/client';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ROLES, rolesToGive, type Scope, scopesOf } from '../../app/roles';
import type { Session } from '../../app/session';
import { createToken, type NewToken as Made } from '../../data/tokens';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { ruleText } from '../../parts/reasons';
import { SecretText } from '../../parts/SecretText';
import { type Chosen, firstOf, RoleScope, scopeOf } from '../users/RoleScope';
import type { Scopes } from '../users/useScopes';

const DAY_MS = 86_400_000;
const DAYS = 365;
const FIRST_DAYS = 90;
const NAME_CHARS = 128;

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  fields: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 14rem), 1fr))',
    gap: tokens.spacingHorizontalL,
    alignItems: 'start',
  },
});

/** Makes a token and shows its secret this once. */
export function NewToken(props: {
  session: Session;
  scopes: Scopes;
  made: () => Promise<void>;
}): ReactNode {
  const { session, scopes, made } = props;
  const styles = useStyles();
  const t = useT();
  const roles = rolesFor(session);
  const [name, setName] = useState('');
  const [day, setDay] = useState(() => dayAfter(FIRST_DAYS));
  const [chosen, setChosen] = useState<Chosen | null>(() => firstOf(roles.slice(-1)));
  const [isTried, setTried] = useState(false);
  const [token, setToken] = useState<Made | null>(null);
  const making = useMutation({
    mutationFn: (scope: Scope) =>
      createToken(session.tenant, {
        name: name.trim(),
        role: chosen?.role ?? 'employee',
        scope,
        expires_at: new Date(`${day}T00:00:00`).toISOString(),
      }),
    onSuccess: async (kept) => {
      setToken(kept);
      setName('');
      setTried(false);
      await made();
    },
  });
  if (!chosen) return null;

  const scope = scopeOf(chosen, session.tenant);
  const isNear = day > dayAfter(0) && day <= dayAfter(DAYS);
  const isNamed = Boolean(name.trim()) && [...name.trim()].length <= NAME_CHARS;
  const refused = (field: string): string | null => {
    const rule = isProblem(making.error)
      ? making.error.fields.find((one) => one.field === field)?.rule
      : undefined;
    return rule ? ruleText(t, rule) : null;
  };
  const nameRefusal = isTried && !isNamed ? t('rule.required') : refused('name');
  const dayRefusal = isTried && !isNear ? t('rule.format.within_year') : refused('expires_at');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (isNamed && isNear && scope && !making.isPending) making.mutate(scope);
  };
  return (
    <form noValidate className={styles.form} onSubmit={submit}>
      <h3 className={styles.title}>{t('tokens.add')}</h3>
      {making.isError && <ErrorBanner error={making.error} />}
      <div className={styles.fields}>
        <Field
          label={t('tokens.name')}
          required
          validationState={nameRefusal ? 'error' : 'none'}
          validationMessage={nameRefusal}
        >
          <Input
            value={name}
            maxLength={NAME_CHARS}
            autoComplete="off"
            onChange={(_, { value }) => setName(value)}
          />
        </Field>
        <Field
          label={t('tokens.expires')}
          hint={t('tokens.expires.help')}
          required
          validationState={dayRefusal ? 'error' : 'none'}
          validationMessage={dayRefusal}
        >
          <Input
            type="date"
            value={day}
            min={dayAfter(1)}
            max={dayAfter(DAYS)}
            onChange={(_, { value }) => setDay(value)}
          />
        </Field>
      </div>
      <RoleScope
        roles={roles}
        scopes={scopes}
        value={chosen}
        set={setChosen}
        refusal={isTried && !scope ? t('grants.required') : refused('scope')}
      />
      <div>
        <Button type="submit" disabledFocusable={making.isPending}>
          {t('tokens.make')}
        </Button>
      </div>
      {token && (
        <div key={token.id} ref={bringIntoSight} className={styles.form}>
          <MessageBar intent="warning" layout="multiline" role="status">
            <MessageBarBody>{t('tokens.once', { name: token.name })}</MessageBarBody>
          </MessageBar>
          <SecretText text={token.secret} />
        </div>
      )}
    </form>
  );
}

/** What is shown this once must not lie below the window. */
function bringIntoSight(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

/** One's own roles and those below; a token of the platform holds on the platform or a reseller. */
function rolesFor({ grants }: Session): Chosen['role'][] {
  const isPlatform = grants.some(({ scope }) => scope.kind === 'platform');
  const tenant = grants.find(({ scope }) => scope.kind === 'tenant')?.scope;
  const own = grants.map(({ role }) => role);
  const below = tenant?.kind === 'tenant' ? rolesToGive(grants, tenant.id) : [];
  return ROLES.filter((role) => {
    const fits = !isPlatform || !scopesOf(role).includes('tenant');
    return fits && (own.includes(role) || below.includes(role));
  });
}

/** A local day, as date inputs take it. */
function dayAfter(days: number): string {
  const at = new Date(Date.now() + days * DAY_MS);
  const parts = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}
