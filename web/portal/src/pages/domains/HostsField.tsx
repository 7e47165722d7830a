import { Textarea } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import { afterPress, type CustomProps } from '../../parts/form';
import { hostsIn } from './rules';

const LEAST_ROWS = 3;
const MOST_ROWS = 12;

/** The hosts of a domain, one in each line. */
export function HostsField({ value, set, touch, isDisabled, ...field }: CustomProps): ReactNode {
  const hosts = value as string[];
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? hosts.join('\n');
  return (
    <Textarea
      {...field}
      resize="vertical"
      spellCheck={false}
      autoCapitalize="none"
      rows={Math.min(MOST_ROWS, Math.max(LEAST_ROWS, hosts.length + 1))}
      value={shown}
      disabled={isDisabled}
      onChange={(_, { value }) => {
        setText(value);
        set(hostsIn(value));
      }}
      onBlur={() => {
        afterPress(() => setText(null));
        touch();
      }}
    />
  );
}
