import type { PlainKey } from '../../i18n/catalogue';
import type { SourceDraft } from './draft';
import { namesIn } from './rules/model';

const MAX_DOMAINS = 20;
const LABEL = /^[a-z\d]([a-z\d-]*[a-z\d])?$/i;

/** Whether passwords and tokens may be sent there: encrypted, or on the gateway's own machine. */
export function isWebAddress(address: string): boolean {
  if (address.length > 512 || /[\s@#]/.test(address)) return false;
  const [, scheme, host] = /^(https?):\/\/(\[[^\]]*\]|[^/?:]+)/.exec(address) ?? [];
  return scheme === 'https' || ['localhost', '127.0.0.1', '[::1]'].includes(host ?? '');
}

/** A name of two labels at least, of which the last is no number. */
export function isDomain(name: string): boolean {
  const labels = name.split('.');
  const isNamed = /[a-z]/i.test(labels.at(-1) ?? '');
  return (
    name.length <= 253 && labels.length > 1 && isNamed && labels.every((one) => LABEL.test(one))
  );
}

/** What cannot be right in a service, as `directory/model/src/source` has it. */
export function refusedInService(draft: SourceDraft): [keyof SourceDraft, PlainKey][] {
  const refused: [keyof SourceDraft, PlainKey][] = [];
  const { kind } = draft;
  const isClient = kind === 'graph' || (kind === 'exchange' && draft.method === 'oauth2');
  const isWeb = ['exchange', 'graph', 'ucwa'].includes(kind);
  for (const field of ['url', ...(isClient ? (['token_url'] as const) : [])] as const) {
    const address = draft[field].trim();
    if (isWeb && address && !isWebAddress(address)) refused.push([field, 'source.url.wrong']);
  }
  if (kind === 'exchange' && draft.method === 'basic' && draft.user_name.includes(':')) {
    refused.push(['user_name', 'source.user.wrong']);
  }
  const tenant = draft.directory_tenant.trim();
  if (kind === 'graph' && tenant && !/^[\w.-]+$/.test(tenant)) {
    refused.push(['directory_tenant', 'source.tenant.wrong']);
  }
  for (const field of ['domains', 'address_domains'] as const) {
    const isOfAddresses = field === 'address_domains' && ['exchange', 'sip'].includes(kind);
    const isShown = kind === 'ucwa' || isOfAddresses;
    const names = namesIn(draft[field]);
    const isFine = names.length <= MAX_DOMAINS && names.every(isDomain);
    if (isShown && !isFine) refused.push([field, 'source.domains.wrong']);
  }
  return refused;
}
