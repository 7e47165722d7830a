import { holdsName, PASSWORD_MAX, PASSWORD_MIN } from '../../app/password';
import type { Translate } from '../../i18n/catalogue';
import type { FieldSpec, FormSpec, Refusal } from '../../parts/form';

/** What is entered to set a password. */
export interface Passwords {
  current_password: string;
  password: string;
  again: string;
}

export const NO_PASSWORDS: Passwords = { current_password: '', password: '', again: '' };

/** The form of a password; one's own is entered twice, after the present one. */
export function passwordSpec(t: Translate, user: string, isOwn: boolean): FormSpec<Passwords> {
  const shared = { kind: 'text', type: 'password', isRequired: true, isPlain: true } as const;
  const fields: FieldSpec<Passwords>[] = [
    {
      ...shared,
      name: 'password',
      label: 'password.new',
      help: 'password.help',
      max: PASSWORD_MAX,
      autoComplete: 'new-password',
    },
  ];
  if (isOwn) {
    fields.unshift({
      ...shared,
      name: 'current_password',
      label: 'password.current',
      max: PASSWORD_MAX,
      autoComplete: 'current-password',
    });
    fields.push({
      ...shared,
      name: 'again',
      label: 'password.again',
      max: PASSWORD_MAX,
      autoComplete: 'new-password',
    });
  }
  return {
    sections: [{ fields }],
    check: (values) => checkPasswords(t, values, { user, isOwn }),
  };
}

/** The rules of a password, as `directory/model/src/user.rs` has them, and that it is a new one. */
export function checkPasswords(
  t: Translate,
  { current_password, password, again }: Passwords,
  { user, isOwn }: { user: string; isOwn: boolean },
): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (field: keyof Passwords, text: string): void => {
    refusals.push({ field, rule: { code: 'text', text } });
  };
  if (password && [...password].length < PASSWORD_MIN) {
    refusals.push({ field: 'password', rule: { code: 'too_short', min: PASSWORD_MIN } });
  } else if (holdsName(password, user)) {
    refuse('password', t('password.name'));
  }
  if (isOwn && password && password === current_password) refuse('password', t('password.same'));
  if (isOwn && again && again !== password) refuse('again', t('password.differ'));
  return refusals;
}
