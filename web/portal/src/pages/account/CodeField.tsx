import { Field, Input } from '@fluentui/react-components';
import { type ReactNode, useEffect, useRef } from 'react';
import { useT } from '../../i18n/context';

/** Takes what an authenticator shows. */
export function CodeField(props: {
  value: string;
  set: (code: string) => void;
  refusal?: string | null;
  label?: string;
  hint?: string;
  isFocused?: boolean;
}): ReactNode {
  const { value, set, refusal, label, hint, isFocused } = props;
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isFocused) input.current?.focus();
  }, [isFocused]);
  return (
    <Field
      label={label ?? t('sign_in.code')}
      {...(hint && { hint })}
      required
      validationState={refusal ? 'error' : 'none'}
      validationMessage={refusal ?? null}
    >
      <Input
        input={{ ref: input }}
        name="code"
        value={value}
        maxLength={40}
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(_, data) => set(data.value)}
      />
    </Field>
  );
}
