import { describe, expect, it, vi } from 'vitest';
import type { Source, SourceFields } from '../../data/sources';
import { wordsOf } from '../../i18n/context';
import { en } from '../../i18n/en';
import { draftFieldAt, draftOf, fieldsOfDraft, newDraft, type SourceDraft } from './draft';
import { checkSource } from './rules';

const source: Source = {
  id: 'D',
  revision: 1,
  created_at: '',
  updated_at: '',
  secret: 'absent',
  name: 'Directory',
  connection: {
    kind: 'ldap',
    url: 'ldap://[2001:db8::1]:3389',
    is_starttls: true,
    trusted_certificates: null,
    bind_dn: null,
    base_dn: 'dc=example',
    filter: '(objectClass=user)',
    group_filter: '(objectClass=group)',
    group_base_dn: 'ou=groups,dc=example',
    page_size: 500,
    timeout_seconds: 20,
  },
  mapping: null,
  normalize_numbers: null,
  schedule: null,
  poll_minutes: 15,
  time_zone: 'UTC',
  approval_threshold_percent: 5,
  change_threshold_percent: null,
  leavers: { rule: 'remove', after_days: 7 },
  keep_days: 30,
  presence: null,
  is_disabled: true,
};

describe('a source in the form', () => {
  it('comes back as it was', () => {
    const { id, revision, created_at, updated_at, secret, ...fields } = source;
    expect(draftOf(source)).toMatchObject({ host: '[2001:db8::1]', port: '3389', tls: 'starttls' });
    expect(fieldsOfDraft(draftOf(source))).toEqual(fields);
    const { mapping: usual } = fieldsOfDraft({ ...newDraft(), is_mapped: true });
    const office = { attributes: ['l', 'st'], transforms: [{ kind: 'trim' as const }] };
    const mapping = usual ? { ...usual, sip: ['a', 'b'], office: ['room', office] } : null;
    expect(mapping).not.toBeNull();
    expect(fieldsOfDraft(draftOf({ ...source, mapping })).mapping).toEqual(mapping);
  });

  it('keeps a SIP server, and what is read of it', () => {
    const connection: SourceFields['connection'] = {
      kind: 'sip',
      host: 'sip.example.com',
      transport: 'udp',
      port: 5070,
      address: 'sip:switchboard@example.com',
      user_name: '4711',
      address_domains: ['example.com', 'example.org'],
      expires_seconds: 600,
      trusted_certificates: null,
      timeout_seconds: 7,
    };
    const presence = { reads_presence: true, reads_calendar: false, reads_calls: true };
    const kept = fieldsOfDraft(draftOf({ ...source, connection, presence }));
    expect([kept.connection, kept.presence]).toEqual([connection, presence]);
    expect(kept.schedule).toBeNull();
  });

  it('refuses a SIP server as the gateway does', () => {
    const { t } = wordsOf('en', en);
    const of = (fields: Partial<SourceDraft>): string[] =>
      checkSource(t, { ...newDraft(), kind: 'sip', ...fields }).map(({ field }) => field);
    const presence = { reads_presence: true, reads_calendar: false, reads_calls: false };
    const fine = { host: 'sip.example.com', address: 'sip:gateway@example.com', presence };
    expect(of(fine)).toEqual([]);
    expect(of({ ...fine, presence: null })).toEqual(['presence']);
    expect(of({ ...fine, host: 'a b', port: '0', address: 'gateway' })).toEqual([
      'host',
      'port',
      'address',
    ]);
    expect(of({ ...fine, address_domains: 'com' })).toEqual(['address_domains']);
  });

  it('keeps what is read about presence, as far as the kind can say it', () => {
    const presence = { reads_presence: true, reads_calendar: true, reads_calls: false };
    const kept = (kind: 'graph' | 'exchange' | 'ldap' | 'ucwa'): unknown =>
      fieldsOfDraft({ ...newDraft(), kind, presence }).presence;
    expect(kept('graph')).toEqual(presence);
    expect(kept('exchange')).toEqual({
      reads_presence: false,
      reads_calendar: true,
      reads_calls: false,
    });
    expect(kept('ldap')).toBeNull();
    expect(kept('ucwa')).toEqual({
      reads_presence: true,
      reads_calendar: false,
      reads_calls: false,
    });
  });

  it('has the port of its encryption unless it is given', () => {
    const url = (fields: object): unknown =>
      fieldsOfDraft({ ...newDraft(), host: 'dc1', ...fields }).connection;
    expect(url({})).toMatchObject({ url: 'ldaps://dc1:636', is_starttls: false });
    expect(url({ tls: 'starttls' })).toMatchObject({ url: 'ldap://dc1:389', is_starttls: true });
    expect(url({ port: '1636' })).toMatchObject({ url: 'ldaps://dc1:1636' });
  });

  it('shows the gateway’s refusals at the field that is meant', () => {
    const paths = ['connection.url', 'connection.is_starttls', 'connection.base_dn', 'mapping.sip'];
    expect(paths.map((path) => draftFieldAt(path))).toEqual(['host', 'tls', 'base_dn', 'map_sip']);
    expect(draftFieldAt('time_zone')).toBe('time_zone');
    expect(draftFieldAt('connection.url', 'graph')).toBe('url');
    expect(draftFieldAt('connection.tenant', 'graph')).toBe('directory_tenant');
    expect(draftFieldAt('connection.authentication.token_url', 'exchange')).toBe('token_url');
  });

  it('starts every night at 01:30 where the administrator is', () => {
    const zone = vi
      .spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions')
      .mockReturnValue({ timeZone: 'Asia/Kolkata' } as Intl.ResolvedDateTimeFormatOptions);

    const fields = fieldsOfDraft(newDraft());
    zone.mockRestore();

    expect([fields.schedule, fields.time_zone]).toEqual(['30 1 * * *', 'Asia/Kolkata']);
  });
});
