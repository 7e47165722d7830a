import { describe, expect, it } from 'vitest';
import type { Alert } from '../../data/alerts';
import { checkAlert, draftOf, newDraft } from './draft';

const kept: Alert = {
  id: '01J00000000000000000000000',
  name: 'Desk',
  channel: { kind: 'webhook', url: 'https://hooks.example.com/a' },
  is_on_failure: true,
  is_on_waiting: true,
  silent_hours: null,
  is_disabled: false,
  secret: 'present',
  delivered_at: null,
  failure: null,
  revision: 1,
  created_at: '2026-11-01T00:00:00Z',
  updated_at: '2026-11-01T00:00:00Z',
};
const required = [{ field: 'secret', rule: { code: 'required' } }];

describe('the secret of an alert', () => {
  it('stays when nothing is entered and the address stays', () => {
    expect(checkAlert({ ...draftOf(kept), name: 'Other' }, kept)).toEqual([]);
  });

  it('is entered again for another address', () => {
    const moved = { ...draftOf(kept), url: 'https://hooks.example.com/b' };
    expect(checkAlert(moved, kept)).toEqual(required);
    expect(checkAlert({ ...moved, secret: 'x'.repeat(24) }, kept)).toEqual([]);
  });

  it('is entered for a new one, and for one that was a mail before', () => {
    const fresh = { ...newDraft('en'), kind: 'webhook' as const, url: 'https://a.example.com/' };
    expect(checkAlert(fresh, null)).toEqual(required);
    const mail: Alert = {
      ...kept,
      channel: { kind: 'mail', addresses: ['a@example.com'], language: 'en' },
    };
    expect(
      checkAlert({ ...draftOf(mail), kind: 'webhook', url: 'https://a.example.com/' }, mail),
    ).toEqual(required);
  });
});
