import { expect, it } from 'vitest';
import { type AuditEntry, changesOf } from './audit';

const of = (changes: unknown) =>
  changesOf({ changes } as AuditEntry).map(({ field, before, after }) => [field, before, after]);

it.each<[string, unknown, unknown[]]>([
  ['text', { office: ['1', '2'] }, [['office', '1', '2']]],
  ['what was not there', { office: [null, '2'] }, [['office', null, '2']]],
  [
    'numbers and lists',
    { days: [1, 2], hosts: [[], ['a']] },
    [
      ['days', '1', '2'],
      ['hosts', '[]', '["a"]'],
    ],
  ],
  [
    'only what differs within a value, however it was ordered',
    {
      enquiries: [
        { days: 1, country: null, url: 'a' },
        { url: 'b', days: 2 },
      ],
    },
    [
      ['enquiries.days', '1', '2'],
      ['enquiries.url', 'a', 'b'],
    ],
  ],
  [
    'values within values',
    { a: [{ b: { c: 1, d: 1 } }, { b: { c: 2, d: 1 } }] },
    [['a.b.c', '1', '2']],
  ],
  ['a value that came whole', { a: [null, { b: 1 }] }, [['a', null, '{"b":1}']]],
  ['a value that is no pair', { secret: '***' }, [['secret', null, '***']]],
])('%s', (_, changes, expected) => {
  expect(of(changes)).toEqual(expected);
});
