import { expect, it } from 'vitest';
import { localText, momentOf } from './MomentInput';

it('a moment is shown by the clock here, and is the same when it comes back', () => {
  const at = new Date(2026, 2, 9, 7, 5);

  expect(localText(at.toISOString())).toBe('2026-03-09T07:05');
  expect(momentOf('2026-03-09T07:05')).toBe(at.toISOString());
  expect(['', '2026-03-', '2026-02-30T99:00'].map(momentOf)).toEqual([null, null, null]);
  expect(localText(momentOf('0020-03-09T07:05') ?? '')).toBe('0020-03-09T07:05');
  expect(localText('no moment')).toBe('');
});
