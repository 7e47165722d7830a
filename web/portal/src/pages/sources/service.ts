import type { SourceFields } from '../../data/sources';
import type { SourceDraft } from './draft';
import type { Kind } from './mapping';
import { namesIn } from './rules/model';

/** A service that is asked over HTTP. */
export type Service = Exclude<SourceFields['connection'], { kind: 'ldap' | 'file' | 'sip' }>;
type Exchange = Extract<Service, { kind: 'exchange' }>;

/** The sizes in which Exchange keeps photos. */
export const PHOTO_SIZES = [48, 64, 96, 120, 240, 360, 432, 504, 648] as const;
export type Publishing = NonNullable<Extract<Service, { kind: 'ucwa' }>['publishes']>;
export type PhotoSize = NonNullable<Exchange['photo_size']>;

/** Where Graph is for everybody but national clouds. */
export const GRAPH_URL = 'https://graph.microsoft.com/v1.0';
const EWS_SCOPE = 'https://outlook.office365.com/.default';

/** What the form shows of services. */
export interface ServiceDraft {
  url: string;
  method: 'basic' | 'oauth2';
  user_name: string;
  directory_tenant: string;
  client_id: string;
  certificate: string | null;
  token_url: string;
  scope: string;
  is_impersonating: boolean;
  photo_size: PhotoSize;
  /** Names of domains, with commas between them. */
  domains: string;
  address_domains: string;
  subscription_minutes: number;
  publishes: Publishing;
}

export const NEW_SERVICE: ServiceDraft = {
  url: '',
  method: 'basic',
  user_name: '',
  directory_tenant: '',
  client_id: '',
  certificate: null,
  token_url: '',
  scope: EWS_SCOPE,
  is_impersonating: false,
  photo_size: 'HR240x240',
  domains: '',
  address_domains: '',
  subscription_minutes: 30,
  publishes: 'nothing',
};

/** Whether people are looked up one by one in sources of this kind, which cannot list everybody. */
export function isLookUp(kind: Kind): boolean {
  return kind === 'exchange' || kind === 'ucwa' || kind === 'sip';
}

/** What a source signs in with. */
export type SecretKind = 'password' | 'client_secret' | 'private_key';

/** What the source signs in with; null when it needs nothing. */
export function secretKindOf(draft: SourceDraft): SecretKind | null {
  if (draft.kind === 'file') return null;
  if (draft.kind === 'sip') return 'password';
  if (draft.kind === 'ldap') return draft.bind_dn?.trim() ? 'password' : null;
  const isUser = draft.kind === 'ucwa' || (draft.kind === 'exchange' && draft.method === 'basic');
  if (isUser) return 'password';
  return draft.certificate?.trim() ? 'private_key' : 'client_secret';
}

/** A service that is kept, as the form shows it. */
export function draftOfService(service: Service): Partial<SourceDraft> {
  const { kind } = service;
  const shared = {
    kind,
    url: service.url ?? '',
    trusted_certificates: service.trusted_certificates ?? null,
    timeout_seconds: service.timeout_seconds ?? 30,
  };
  if (service.kind === 'graph') {
    const { client_id, certificate, token_url } = service;
    const other = { certificate: certificate ?? null, token_url: token_url ?? '' };
    return { ...shared, client_id, ...other, directory_tenant: service.tenant };
  }
  const address_domains = (service.address_domains ?? []).join(', ');
  if (service.kind === 'ucwa') {
    const { user_name, domains, subscription_minutes, publishes } = service;
    return {
      ...shared,
      user_name,
      domains: domains.join(', '),
      address_domains,
      subscription_minutes: subscription_minutes ?? NEW_SERVICE.subscription_minutes,
      publishes: publishes ?? NEW_SERVICE.publishes,
    };
  }
  const { authentication, is_impersonating, photo_size } = service;
  const { method } = authentication;
  const signed =
    authentication.method === 'basic'
      ? { method, user_name: authentication.user_name }
      : {
          method,
          token_url: authentication.token_url,
          client_id: authentication.client_id,
          scope: authentication.scope,
          certificate: authentication.certificate ?? null,
        };
  return {
    ...shared,
    ...signed,
    address_domains,
    is_impersonating: is_impersonating ?? false,
    photo_size: photo_size ?? NEW_SERVICE.photo_size,
  };
}

/** What is sent of a service; null for a source that is none. */
export function serviceOf(draft: SourceDraft): Service | null {
  const { kind, timeout_seconds, trusted_certificates } = draft;
  const shared = { timeout_seconds, trusted_certificates };
  const [url, token_url] = [draft.url.trim(), draft.token_url.trim()];
  const [client_id, user_name] = [draft.client_id.trim(), draft.user_name.trim()];
  const certificate = draft.certificate?.trim() ? draft.certificate : null;
  if (kind === 'graph') {
    const tenant = draft.directory_tenant.trim();
    const at = { url: url || GRAPH_URL, tenant, token_url: token_url || null };
    return { kind, ...at, client_id, certificate, ...shared };
  }
  const address_domains = namesIn(draft.address_domains);
  if (kind === 'ucwa') {
    const domains = namesIn(draft.domains);
    const { subscription_minutes, publishes } = draft;
    const told = { subscription_minutes, publishes };
    return { kind, url, domains, address_domains, user_name, ...told, ...shared };
  }
  if (kind !== 'exchange') return null;
  const { method, photo_size, is_impersonating } = draft;
  const authentication: Exchange['authentication'] =
    method === 'basic'
      ? { method, user_name }
      : { method, token_url, client_id, scope: draft.scope.trim(), certificate };
  const asked = { is_impersonating, address_domains, photo_size };
  return { kind, url, authentication, ...asked, ...shared };
}
