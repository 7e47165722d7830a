import { describe, expect, it } from 'vitest';
import type { SourceFields } from '../../data/sources';
import { draftOf, fieldsOfDraft, newDraft, type SourceDraft } from './draft';
import { GRAPH_URL, type SecretKind, secretKindOf } from './service';
import { isDomain, isWebAddress, refusedInService } from './service-rules';

const shared = { trusted_certificates: null, timeout_seconds: 20 };
const url = 'https://mail.example.com/EWS/Exchange.asmx';
const asked = { is_impersonating: true, address_domains: ['example.com', 'example.org'] };
const client = { client_id: 'gateway', certificate: 'PEM' };

const SERVICES: [SourceFields['connection'], SecretKind][] = [
  [
    {
      kind: 'exchange',
      url,
      authentication: { method: 'basic', user_name: 'EXAMPLE\\gateway' },
      ...asked,
      photo_size: 'HR96x96',
      ...shared,
    },
    'password',
  ],
  [
    {
      kind: 'exchange',
      url,
      authentication: { method: 'oauth2', token_url: 'https://login/token', scope: 'x', ...client },
      ...asked,
      photo_size: 'HR240x240',
      ...shared,
    },
    'private_key',
  ],
  [
    {
      kind: 'graph',
      url: GRAPH_URL,
      tenant: 'example.com',
      token_url: null,
      ...client,
      certificate: null,
      ...shared,
    },
    'client_secret',
  ],
  [
    {
      kind: 'ucwa',
      url: 'https://lyncdiscover.example.com/',
      domains: ['example.com'],
      address_domains: [],
      user_name: 'gateway@example.com',
      subscription_minutes: 20,
      publishes: 'own_word',
      ...shared,
    },
    'password',
  ],
];

const of = (fields: Partial<SourceDraft>): SourceDraft => ({ ...newDraft(), ...fields });

describe('a service in the form', () => {
  it('comes back as it was, with the secret that it needs', () => {
    const { connection: _, ...rest } = fieldsOfDraft(newDraft());
    for (const [connection, secret] of SERVICES) {
      const kept = { id: 'D', revision: 1, created_at: '', updated_at: '' };
      const draft = draftOf({ ...rest, ...kept, secret: 'absent', connection });
      expect(fieldsOfDraft(draft).connection).toEqual(connection);
      expect(secretKindOf(draft)).toBe(secret);
    }
  });

  it('keeps leavers and asks for no changes where people are looked up', () => {
    for (const kind of ['exchange', 'ucwa', 'graph'] as const) {
      const { leavers, poll_minutes } = fieldsOfDraft(of({ kind, poll_minutes: '5' }));
      const isListing = kind === 'graph';
      expect([leavers.rule, poll_minutes]).toEqual(isListing ? ['remove', 5] : ['keep', null]);
    }
  });

  it('is where Graph is unless it is said', () => {
    expect(fieldsOfDraft(of({ kind: 'graph' })).connection).toMatchObject({ url: GRAPH_URL });
    const url = 'https://graph.microsoft.us/v1.0';
    expect(fieldsOfDraft(of({ kind: 'graph', url })).connection).toMatchObject({ url });
  });

  it('is refused as the gateway refuses it', () => {
    const addresses: [string, boolean][] = [
      ['https://mail.example.com/EWS', true],
      ['https://[2001:db8::1]:8443/', true],
      ['http://127.0.0.1:8080/', true],
      ['http://mail.example.com/', false],
      ['http://localhost@example.com/', false],
      ['https://', false],
      ['mail.example.com', false],
    ];
    for (const [address, isFine] of addresses) expect(isWebAddress(address)).toBe(isFine);
    const domains: [string, boolean][] = [
      ['example.com', true],
      ['xn--mller-kva.de', true],
      ['com', false],
      ['example.com.', false],
      ['-a.com', false],
      ['10.0.0.1', false],
      ['@example.com', false],
    ];
    for (const [domain, isFine] of domains) expect(isDomain(domain)).toBe(isFine);
    const refused = (fields: Partial<SourceDraft>): string[] =>
      refusedInService(of(fields)).map(([field]) => field);
    expect(refused({ kind: 'exchange', url: 'http://mail', user_name: 'a:b' })).toEqual([
      'url',
      'user_name',
    ]);
    expect(refused({ kind: 'graph', directory_tenant: 'a/b', token_url: 'x' })).toEqual([
      'token_url',
      'directory_tenant',
    ]);
    expect(refused({ kind: 'ucwa', domains: 'com', address_domains: 'a.b' })).toEqual(['domains']);
    expect(refused({ kind: 'exchange', token_url: 'x', domains: 'com' })).toEqual([]);
  });
});
