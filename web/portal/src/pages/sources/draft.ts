import type { FieldRule, Mapping, Source, SourceFields } from '../../data/sources';
import { defaultMapping, isText, MAPPED, type NamesField, type TextField } from './mapping';
import { namesIn } from './rules/model';

export type Kind = SourceFields['connection']['kind'];
export type Encryption = 'ldaps' | 'starttls' | 'none';

/** The attributes of fields that are no text, with commas between them. */
type MappedNames = { [Field in NamesField as `map_${Field}`]: string };

/** The rules of fields of text. */
type MappedRules = { [Field in TextField as `map_${Field}`]: FieldRule[] };

/** What gives each field. */
export type Mapped = MappedNames & MappedRules;

/** A source as the form shows it. */
export interface SourceDraft extends Mapped {
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
  is_mapped: boolean;
  normalize_numbers: string | null;
  schedule: string | null;
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
    is_mapped: false,
    normalize_numbers: null,
    ...mappedOf(defaultMapping('ldif')),
    schedule: '30 1 * * *',
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
    time_zone: source.time_zone ?? 'UTC',
    approval_threshold_percent: source.approval_threshold_percent ?? 10,
    is_disabled: source.is_disabled ?? false,
    is_mapped: Boolean(source.mapping),
    normalize_numbers: source.normalize_numbers ?? null,
  };
  const { connection } = source;
  if (connection.kind === 'file') {
    Object.assign(draft, { kind: 'file', path: connection.path, format: connection.format });
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
  const mapping = source.mapping ?? defaultMapping(draft.kind === 'file' ? draft.format : 'ldif');
  return { ...draft, ...mappedOf(mapping) };
}

/** What is sent of a draft. */
export function fieldsOfDraft(draft: SourceDraft): SourceFields {
  return {
    name: draft.name.trim(),
    connection: connectionOf(draft),
    mapping: draft.is_mapped ? mappingOf(draft) : null,
    normalize_numbers: draft.normalize_numbers,
    schedule: draft.schedule?.trim().replace(/\s+/g, ' ') || null,
    time_zone: draft.time_zone,
    approval_threshold_percent: draft.approval_threshold_percent,
    is_disabled: draft.is_disabled,
  };
}

function connectionOf(draft: SourceDraft): SourceFields['connection'] {
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
  const lists = MAPPED.map((field) => {
    const value = draft[`map_${field}`];
    return [field, typeof value === 'string' ? namesIn(value) : value];
  });
  return Object.fromEntries(lists) as Mapping;
}

/** What gives each field, as the form shows it. */
export function mappedOf(mapping: Partial<Mapping>): Mapped {
  const mapped = MAPPED.map((field) => {
    const rules: FieldRule[] = mapping[field] ?? [];
    return [`map_${field}`, isText(field) ? rules : rules.join(', ')];
  });
  return Object.fromEntries(mapped) as Mapped;
}

const PLACES: Record<string, keyof SourceDraft> = { url: 'host', is_starttls: 'tls' };

/** The field of the form that shows a value of the gateway. */
export function draftFieldAt(path: string): string {
  const [area = '', field = ''] = path.split(/[.[]/);
  if (area === 'connection') return PLACES[field] ?? field;
  return area === 'mapping' ? `map_${field}` : area;
}
