import { Textarea } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { CustomProps } from './spec';

/** A list of texts, one per line. Empty lines are kept while somebody writes; `linesIn` drops them. */
export function LinesInput({ value, set, isDisabled }: CustomProps): ReactNode {
  const lines: unknown[] = Array.isArray(value) ? value : [];
  return (
    <Textarea
      rows={3}
      value={lines.join('\n')}
      disabled={isDisabled}
      spellCheck={false}
      onChange={(_, { value: text }) => set(text ? text.split('\n') : [])}
    />
  );
}

/** The texts without what is empty. */
export function linesIn(lines: readonly string[]): string[] {
  return lines.map((line) => line.trim()).filter(Boolean);
}
