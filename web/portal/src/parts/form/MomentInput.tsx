import { Input } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { CustomProps } from './spec';

const WHOLE = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d/;

/** A moment, by the clock of whoever looks; null when none is given. On the wire it is RFC 3339. */
export function MomentInput({ value, set, touch, isDisabled }: CustomProps): ReactNode {
  return (
    <Input
      type="datetime-local"
      value={typeof value === 'string' ? localText(value) : ''}
      disabled={isDisabled}
      onChange={(_, { value: text }) => set(momentOf(text))}
      onBlur={touch}
    />
  );
}

/** What the browser's control takes: local time without a zone, to the minute. */
export function localText(moment: string): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return '';
  const two = (part: number): string => String(part).padStart(2, '0');
  // A year that is half written must come back as it is, or the control would forget the rest.
  const day = [
    String(at.getFullYear()).padStart(4, '0'),
    two(at.getMonth() + 1),
    two(at.getDate()),
  ].join('-');
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The moment that the browser's control means; null while it means none. */
export function momentOf(text: string): string | null {
  const at = new Date(WHOLE.test(text) ? text : Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
