import type { SourceFields } from '../../data/sources';
import type { SourceDraft } from './draft';
import { namesIn } from './rules/model';

type Sip = Extract<SourceFields['connection'], { kind: 'sip' }>;
export type Transport = NonNullable<Sip['transport']>;

/** What the form shows of SIP servers alone. */
export interface SipDraft {
  transport: Transport;
  /** The gateway's own address. */
  address: string;
  expires_seconds: number;
}

export const NEW_SIP: SipDraft = { transport: 'tls', address: '', expires_seconds: 3600 };

/** A SIP server that is kept, as the form shows it. */
export function draftOfSip(sip: Sip): Partial<SourceDraft> {
  return {
    kind: sip.kind,
    host: sip.host,
    port: sip.port?.toString() ?? '',
    transport: sip.transport ?? NEW_SIP.transport,
    address: sip.address,
    user_name: sip.user_name ?? '',
    address_domains: (sip.address_domains ?? []).join(', '),
    expires_seconds: sip.expires_seconds ?? NEW_SIP.expires_seconds,
    timeout_seconds: sip.timeout_seconds ?? 30,
    trusted_certificates: sip.trusted_certificates ?? null,
  };
}

/** What is sent of a SIP server. */
export function sipOf(draft: SourceDraft): Sip {
  return {
    kind: 'sip',
    host: draft.host.trim(),
    port: Number(draft.port.trim()) || null,
    transport: draft.transport,
    address: draft.address.trim(),
    user_name: draft.user_name.trim() || null,
    address_domains: namesIn(draft.address_domains),
    expires_seconds: draft.expires_seconds,
    timeout_seconds: draft.timeout_seconds,
    trusted_certificates: draft.trusted_certificates,
  };
}

/** Whether the gateway may be called so: `sip:switchboard@example.com`. */
export function isSipAddress(address: string): boolean {
  return /^sips?:[^\s@<>;?]+@[^\s@<>;?/]+$/i.test(address);
}
