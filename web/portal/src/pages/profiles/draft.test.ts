import { expect, test } from 'vitest';
import { callsFieldAt, callsOf, checkCalls, draftOfCalls, ringOf } from './draft';

test('a line is a number when it looks like one, and else a device', () => {
  expect(ringOf('Desk phone, 30')).toEqual({ kind: 'device', name: 'Desk phone', seconds: 30 });
  expect(ringOf('204')).toEqual({ kind: 'number', target: '204', seconds: 20 });
  expect(ringOf(' +493012345600, 15 ')).toEqual({
    kind: 'number',
    target: '+493012345600',
    seconds: 15,
  });
  expect(ringOf('sip:anna@example.com')).toMatchObject({ kind: 'number' });
  expect(ringOf('Anna, her mobile, 40')).toMatchObject({ name: 'Anna, her mobile', seconds: 40 });
});

test('what is chosen comes back as it was written', () => {
  const draft = { quiet: 'off' as const, target: '204', rings: ['Desk, 20', '+4930123, 30'] };

  expect(draftOfCalls(callsOf(draft))).toEqual(draft);
  const nothing = { quiet: 'profile' as const, target: null, rings: [] };
  expect(draftOfCalls(callsOf(nothing))).toEqual(nothing);
  expect(callsOf(nothing)).toEqual({ do_not_disturb: null, forwarding: null, rings: null });
});

test('what the gateway would refuse is refused while somebody writes', () => {
  const of = (part: object) => checkCalls({ quiet: 'profile', target: null, rings: [], ...part });

  expect(of({ target: 'anna' })).toMatchObject([{ field: 'target' }]);
  expect(of({ rings: ['Desk, 4'] })).toMatchObject([{ field: 'rings' }]);
  expect(of({ rings: Array.from({ length: 11 }, (_, at) => `Desk ${at}`) })).toHaveLength(1);
  expect(of({ target: '204', rings: ['Desk, 120', ''] })).toEqual([]);
});

test('refusals of the gateway find their inputs', () => {
  expect(callsFieldAt('rings[0].seconds')).toBe('rings');
  expect(callsFieldAt('calls.forwarding.target')).toBe('target');
  expect(callsFieldAt('name')).toBe('name');
});
