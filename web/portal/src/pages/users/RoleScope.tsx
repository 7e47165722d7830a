import { Field, makeStyles, Select, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { type Role, type Scope, type ScopeKind, scopesOf } from '../../app/roles';
import { useT } from '../../i18n/context';
import type { Scopes } from './useScopes';

const useStyles = makeStyles({
  fields: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 14rem), 1fr))',
    gap: tokens.spacingHorizontalL,
    alignItems: 'start',
    '& > *': { minInlineSize: 0 },
    '& select': { inlineSize: '100%', minInlineSize: 0 },
  },
});

/** A role and where it holds, as far as both are chosen. */
export interface Chosen {
  role: Role;
  kind: ScopeKind;
  object: string;
}

/** What is chosen at first. */
export function firstOf(roles: readonly Role[]): Chosen | null {
  const role = roles[0];
  const kind = role && scopesOf(role)[0];
  return role && kind ? { role, kind, object: '' } : null;
}

/** The scope that was chosen; null while it is incomplete. */
export function scopeOf({ kind, object }: Chosen, tenant: string): Scope | null {
  if (kind === 'platform') return { kind };
  if (kind === 'tenant') return { kind, id: tenant };
  return object ? { kind, id: object } : null;
}

/** Chooses a role and where it holds: only what makes sense together is offered. */
export function RoleScope(props: {
  roles: readonly Role[];
  scopes: Scopes;
  value: Chosen;
  set: (value: Chosen) => void;
  /** Why the choice of the object was refused. */
  refusal: string | null;
}): ReactNode {
  const { roles, scopes, value, set, refusal } = props;
  const styles = useStyles();
  const t = useT();
  const kinds = scopesOf(value.role);
  const choices = scopes.choices(value.kind);
  const hasObject = value.kind !== 'platform' && value.kind !== 'tenant';
  const setRole = (word: string): void => {
    const role = roles.find((one) => one === word) ?? value.role;
    const kind = scopesOf(role).includes(value.kind) ? value.kind : scopesOf(role)[0];
    set({ role, kind: kind ?? value.kind, object: kind === value.kind ? value.object : '' });
  };
  const setKind = (word: string): void =>
    set({ ...value, kind: kinds.find((one) => one === word) ?? value.kind, object: '' });
  return (
    <div className={styles.fields}>
      <Field label={t('grants.role')} hint={t(`role.${value.role}.help`)}>
        <Select value={value.role} onChange={(_, { value: word }) => setRole(word)}>
          {roles.map((role) => (
            <option key={role} value={role}>
              {t(`role.${role}`)}
            </option>
          ))}
        </Select>
      </Field>
      {kinds.length > 1 && (
        <Field label={t('grants.kind')}>
          <Select value={value.kind} onChange={(_, { value: word }) => setKind(word)}>
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`scope.${kind}`)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {hasObject && (
        <Field
          label={t('grants.scope')}
          required
          validationState={refusal ? 'error' : 'none'}
          validationMessage={refusal}
        >
          <Select
            value={value.object}
            onChange={(_, { value: object }) => set({ ...value, object })}
          >
            <option value="">{t('grants.choose')}</option>
            {choices.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.label}
              </option>
            ))}
          </Select>
        </Field>
      )}
    </div>
  );
}
