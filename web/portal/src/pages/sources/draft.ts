import type { FieldRule, Mapping, Source, SourceFields } from '../../data/sources';
import {
  defaultMapping,
  isText,
  type Kind,
  MAPPED,
  type NamesField,
  type TextField,
} from './mapping';
import { type Reads, SAYS } from './reading';
import { namesIn } from './rules/model';
import { draftOfService, isLookUp, NEW_SERVICE, type ServiceDraft, serviceOf } from './service';
import { draftOfSip, NEW_SIP, type SipDraft, sipOf } from './sip';

export type Encryption = 'ldaps' | 'starttls' | 'none';

/** The attributes of fields that are no text, with commas between them. */
type MappedNames = { [Field in NamesField as `map_${Field}`]: string };

/** The rules of fields of text. */
type MappedRules = { [Field in TextField as `map_${Field}`]: FieldRule[] };

/** What gives each field. */
export type Mapped = MappedNames & MappedRules;

/** A source as the form shows it. */
export interface SourceDraft extends Mapped, ServiceDraft, SipDraft {
  name: string;
  kind: Kind;
  host: string;
  port: string;
  tls: Encryption;
  bind_dn: string | null;
  secret: string;
  base_dn: string;
  filter: string;
  group_filter: string | null;
  group_base_dn: string | null;
  page_size: number;
  timeout_seconds: number;
  trusted_certificates: string | null;
  path: string;
  format: 'ldif' | 'csv';
  is_mapped: boolean;
  normalize_numbers: string | null;
  schedule: string | null;
  /** Empty: it is not asked between its scheduled runs. */
  poll_minutes: string;
  time_zone: string;
  approval_threshold_percent: number;
  /** Empty: none waits for it. */
  change_threshold_percent: string;
  leavers: 'keep' | 'disable' | 'remove';
  leaver_days: number;
  keep_days: number;
  /** What is also read about presence. */
  presence: SourceFields['presence'];
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
    group_filter: null,
    group_base_dn: null,
    page_size: 1000,
    timeout_seconds: 30,
    trusted_certificates: null,
    path: '',
    format: 'ldif',
    ...NEW_SERVICE,
    ...NEW_SIP,
    is_mapped: false,
    normalize_numbers: null,
    ...mappedOf(defaultMapping({ kind: 'ldap', format: 'ldif' })),
    schedule: '30 1 * * *',
    poll_minutes: '',
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    approval_threshold_percent: 10,
    change_threshold_percent: '20',
    leavers: 'remove',
    leaver_days: 30,
    keep_days: 30,
    presence: null,
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
    change_threshold_percent: source.change_threshold_percent?.toString() ?? '',
    leavers: source.leavers?.rule ?? 'remove',
    leaver_days: source.leavers?.rule === 'remove' ? source.leavers.after_days : 30,
    keep_days: source.keep_days ?? 30,
    presence: source.presence ?? null,
    is_disabled: source.is_disabled ?? false,
    is_mapped: Boolean(source.mapping),
    normalize_numbers: source.normalize_numbers ?? null,
  };
  const { connection } = source;
  if (connection.kind === 'file') {
    Object.assign(draft, { kind: 'file', path: connection.path, format: connection.format });
  } else if (connection.kind === 'sip') {
    Object.assign(draft, draftOfSip(connection));
  } else if (connection.kind !== 'ldap') {
    Object.assign(draft, draftOfService(connection));
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
      group_filter: connection.group_filter ?? null,
      group_base_dn: connection.group_base_dn ?? null,
      page_size: connection.page_size ?? draft.page_size,
      timeout_seconds: connection.timeout_seconds ?? draft.timeout_seconds,
      trusted_certificates: connection.trusted_certificates ?? null,
    });
  }
  const mapping = source.mapping ?? defaultMapping(draft);
  return { ...draft, ...mappedOf(mapping) };
}

/** What is sent of a draft. */
export function fieldsOfDraft(draft: SourceDraft): SourceFields {
  return {
    name: draft.name.trim(),
    connection: connectionOf(draft),
    mapping: draft.is_mapped ? mappingOf(draft) : null,
    normalize_numbers: draft.normalize_numbers,
    // There is nobody to read.
    schedule: draft.kind === 'sip' ? null : draft.schedule?.trim().replace(/\s+/g, ' ') || null,
    poll_minutes: isLookUp(draft.kind) ? null : Number(draft.poll_minutes.trim()) || null,
    time_zone: draft.time_zone,
    approval_threshold_percent: draft.approval_threshold_percent,
    change_threshold_percent: Number(draft.change_threshold_percent.trim()) || null,
    leavers: leaversOf(draft),
    keep_days: draft.keep_days,
    presence: presenceOf(draft),
    is_disabled: draft.is_disabled,
  };
}

/** What a source of this kind can say of what was read before. */
function presenceOf({ kind, presence }: SourceDraft): SourceFields['presence'] {
  const can = SAYS[kind] ?? [];
  const reads = (name: Reads): boolean => can.includes(name) && Boolean(presence?.[name]);
  const read = {
    reads_presence: reads('reads_presence'),
    reads_calendar: reads('reads_calendar'),
    reads_calls: reads('reads_calls'),
  };
  return Object.values(read).some(Boolean) ? read : null;
}

function leaversOf({ kind, leavers, leaver_days }: SourceDraft): SourceFields['leavers'] {
  // Whoever is not found may be there nevertheless.
  if (isLookUp(kind)) return { rule: 'keep' };
  return leavers === 'remove' ? { rule: leavers, after_days: leaver_days } : { rule: leavers };
}

function connectionOf(draft: SourceDraft): SourceFields['connection'] {
  const service = serviceOf(draft);
  if (service) return service;
  if (draft.kind === 'sip') return sipOf(draft);
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
    group_filter: draft.group_filter?.trim() || null,
    group_base_dn: (draft.group_filter?.trim() && draft.group_base_dn?.trim()) || null,
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

const PLACES: Record<string, keyof SourceDraft> = {
  is_starttls: 'tls',
  tenant: 'directory_tenant',
};

/** The field of the form that shows a value of the gateway. */
export function draftFieldAt(path: string, kind: Kind = 'ldap'): string {
  const [area = '', first = '', second = ''] = path.split(/[.[]/);
  const field = first === 'authentication' ? second : first;
  if (area === 'connection' && field === 'url') return kind === 'ldap' ? 'host' : 'url';
  if (area === 'connection') return PLACES[field] ?? field;
  return area === 'mapping' ? `map_${field}` : area;
}
