import type { Mapping, Source, SourceFields } from '../../data/sources';
import { defaultMapping, type Kind, MAPPED, type MappedField, namesIn } from './mapping';

export type Encryption = 'ldaps' | 'starttls' | 'none';

/** A service that is asked over HTTP; the form shows only a part of it and keeps the rest. */
type Service = Exclude<SourceFields['connection'], { kind: 'ldap' | 'file' }>;

/** The attributes of one field, with commas between them. */
export type MappedNames = { [Field in MappedField as `map_${Field}`]: string };

/** A source as the form shows it. */
export interface SourceDraft extends MappedNames {
  name: string;
  kind: Kind;
  host: string;
  port: string;
  tls: Encryption;
  bind_dn: string | null;
  secret: string;
  base_dn: string;
  filter: string;
  page_size: number;
  timeout_seconds: number;
  trusted_certificates: string | null;
  path: string;
  format: 'ldif' | 'csv';
  service: Service | null;
  url: string;
  account: string;
  is_mapped: boolean;
  schedule: string | null;
  /** Empty: it is not asked between its scheduled runs. */
  poll_minutes: string;
  time_zone: string;
  approval_threshold_percent: number;
  is_disabled: boolean;
}

const URL_FORM = /^(ldaps?):\/\/(\[[^\]]*\]|[^:]*)(?::(\d+))?$/;

/** A source of which nothing is known yet, with the gateway's defaults. */
export function newDraft(): SourceDraft {
  return {
    name: '',
    kind: 'ldap',
    host: '',
    port: '',
    tls: 'ldaps',
    bind_dn: null,
    secret: '',
    base_dn: '',
    filter: '(objectClass=person)',
    page_size: 1000,
    timeout_seconds: 30,
    trusted_certificates: null,
    path: '',
    format: 'ldif',
    service: null,
    url: '',
    account: '',
    is_mapped: false,
    ...namesOf(defaultMapping({ kind: 'ldap', format: 'ldif' })),
    schedule: '30 1 * * *',
    poll_minutes: '',
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    approval_threshold_percent: 10,
    is_disabled: false,
  };
}

/** A source that is kept, as the form shows it. */
export function draftOf(source: Source): SourceDraft {
  const draft: SourceDraft = {
    ...newDraft(),
    name: source.name,
    schedule: source.schedule ?? null,
    poll_minutes: source.poll_minutes?.toString() ?? '',
    time_zone: source.time_zone ?? 'UTC',
    approval_threshold_percent: source.approval_threshold_percent ?? 10,
    is_disabled: source.is_disabled ?? false,
    is_mapped: Boolean(source.mapping),
  };
  const { connection } = source;
  if (connection.kind === 'file') {
    Object.assign(draft, { kind: 'file', path: connection.path, format: connection.format });
  } else if (connection.kind !== 'ldap') {
    Object.assign(draft, {
      kind: connection.kind,
      service: connection,
      url: connection.url ?? '',
      account: accountOf(connection),
      timeout_seconds: connection.timeout_seconds ?? draft.timeout_seconds,
      trusted_certificates: connection.trusted_certificates ?? null,
    });
  } else {
    const [, scheme, host, port] = URL_FORM.exec(connection.url) ?? [];
    const plain = connection.is_starttls ? 'starttls' : 'none';
    Object.assign(draft, {
      host: host ?? connection.url,
      port: port ?? '',
      tls: scheme === 'ldaps' ? 'ldaps' : plain,
      bind_dn: connection.bind_dn ?? null,
      base_dn: connection.base_dn,
      filter: connection.filter ?? draft.filter,
      page_size: connection.page_size ?? draft.page_size,
      timeout_seconds: connection.timeout_seconds ?? draft.timeout_seconds,
      trusted_certificates: connection.trusted_certificates ?? null,
    });
  }
  const mapping = source.mapping ?? defaultMapping(draft);
  return { ...draft, ...namesOf(mapping) };
}

/** What is sent of a draft. */
export function fieldsOfDraft(draft: SourceDraft): SourceFields {
  return {
    name: draft.name.trim(),
    connection: connectionOf(draft),
    mapping: draft.is_mapped ? mappingOf(draft) : null,
    schedule: draft.schedule?.trim().replace(/\s+/g, ' ') || null,
    poll_minutes: Number(draft.poll_minutes.trim()) || null,
    time_zone: draft.time_zone,
    approval_threshold_percent: draft.approval_threshold_percent,
    is_disabled: draft.is_disabled,
  };
}

/** In whose name a service is asked. */
function accountOf(service: Service): string {
  if (service.kind === 'graph') return service.client_id;
  if (service.kind === 'ucwa') return service.user_name;
  const { authentication } = service;
  return authentication.method === 'basic' ? authentication.user_name : authentication.client_id;
}

function connectionOf(draft: SourceDraft): SourceFields['connection'] {
  if (draft.service) {
    const { timeout_seconds, trusted_certificates } = draft;
    return { ...draft.service, url: draft.url.trim(), timeout_seconds, trusted_certificates };
  }
  if (draft.kind === 'file') {
    return { kind: 'file', path: draft.path.trim(), format: draft.format };
  }
  const scheme = draft.tls === 'ldaps' ? 'ldaps' : 'ldap';
  const port = draft.port.trim() || (draft.tls === 'ldaps' ? '636' : '389');
  return {
    kind: 'ldap',
    url: `${scheme}://${draft.host.trim()}:${port}`,
    is_starttls: draft.tls === 'starttls',
    bind_dn: draft.bind_dn?.trim() || null,
    base_dn: draft.base_dn.trim(),
    filter: draft.filter.trim(),
    page_size: draft.page_size,
    timeout_seconds: draft.timeout_seconds,
    trusted_certificates: draft.trusted_certificates,
  };
}

function mappingOf(draft: SourceDraft): Mapping {
  const lists = MAPPED.map((field) => [field, namesIn(draft[`map_${field}`])]);
  return Object.fromEntries(lists) as Mapping;
}

/** Attributes as the form shows them. */
export function namesOf(mapping: Partial<Mapping>): MappedNames {
  const names = MAPPED.map((field) => [`map_${field}`, (mapping[field] ?? []).join(', ')]);
  return Object.fromEntries(names) as MappedNames;
}

const PLACES: Record<string, keyof SourceDraft> = { is_starttls: 'tls' };

/** The field of the form that shows a value of the gateway. */
export function draftFieldAt(path: string, kind: Kind = 'ldap'): string {
  const [area = '', field = ''] = path.split(/[.[]/);
  if (area === 'connection' && field === 'url') return kind === 'ldap' ? 'host' : 'url';
  if (area === 'connection') return PLACES[field] ?? field;
  return area === 'mapping' ? `map_${field}` : area;
}
