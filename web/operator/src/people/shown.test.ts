import type { Presence } from '@switchboard/client/rose';
import { describe, expect, it } from 'vitest';
import { personOf, telOf } from './shown';

const ANNA: Presence = {
  u8sContactId: 'a',
  iPresenceState: 1,
  asnRemoteContact: { u8sDisplayName: 'Anna Berg', u8sPhoneBusiness: '+49 (0)30 12' },
};

describe('somebody', () => {
  it.each([
    [0, 'unknown', null],
    [1, 'available', null],
    [0x20000001, 'inactive', null],
    [2, 'busy', null],
    [3, 'away', null],
    [4, 'do_not_disturb', null],
    [0x08000003, 'offline', null],
    [0x04000002, 'busy', 'on_the_phone'],
    [0x04020002, 'busy', 'in_a_conference'],
    [0x02000002, 'busy', 'in_a_meeting'],
    [0x06000004, 'do_not_disturb', 'on_the_phone'],
    [0x02000001, 'available', null],
  ])('with the state 0x%s is %s, %s', (iPresenceState, state, activity) => {
    expect(personOf('a', { ...ANNA, iPresenceState }, true)).toMatchObject({ state, activity });
  });

  it('has a name, but no state, when nothing is believed', () => {
    const told = {
      ...ANNA,
      u8sShownAs: 'Lunch',
      stPresenceSince: '2026-11-28T10:00:00Z',
      asnCustomNote: { u8sContactID: 'a', u8sNote: 'Back at 4' },
    };

    expect(personOf('a', told, true)).toMatchObject({ named: 'Lunch', note: 'Back at 4' });
    expect(personOf('a', told, false)).toMatchObject({
      name: 'Anna Berg',
      state: 'unknown',
      named: null,
      since: null,
      note: '',
    });
  });

  it('is out of office by own word or by calendar', () => {
    const word = { u8sContactId: 'a', eAbsentState: 1 } as const;
    const meeting = { u8sDataSource: 'x', stStart: '', stEnd: '', u8sSubject: '', iStatus: 3 };

    expect(personOf('a', { ...ANNA, asnAbsentState: word }, true).isOutOfOffice).toBe(true);
    const away = { ...ANNA, seqActualAppointments: [meeting] };
    expect(personOf('a', away, true).isOutOfOffice).toBe(true);
    expect(personOf('a', ANNA, true).isOutOfOffice).toBe(false);
    // Who is on a coffee break is told like who is out of office.
    const pause = { ...ANNA, iPresenceState: 3, asnAbsentState: word };
    expect(personOf('a', pause, true).isOutOfOffice).toBe(false);
  });

  it('is not seen who is only named', () => {
    expect(personOf('a', { u8sContactId: 'a', iStaticRights: 0 }, true).isSeen).toBe(false);
    expect(personOf('a', null, true).isSeen).toBe(false);
    expect(personOf('a', ANNA, true).isSeen).toBe(true);
  });

  it.each([
    ['+49 (0)30 1234-56', 'tel:+4930123456'],
    ['0800/REAL', 'tel:0800'],
    ['ext.', null],
    ['', null],
    ['javascript:alert(1)', null],
  ])('is called under %s by %s', (phone, expected) => {
    expect(telOf(phone)).toBe(expected);
  });
});
