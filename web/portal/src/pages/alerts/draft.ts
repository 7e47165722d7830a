import type { Alert, AlertFields } from '../../data/alerts';
import type { Refusal } from '../../parts/form';

/** A channel as the form shows it. */
export interface AlertDraft {
  name: string;
  kind: 'mail' | 'webhook';
  /** Mail addresses, one in each line. */
  addresses: string;
  language: 'en' | 'de';
  url: string;
  /** Empty: the one that is kept stays. */
  secret: string;
  is_on_failure: boolean;
  is_on_waiting: boolean;
  /** Empty: nobody waits for a success. */
  silent_hours: string;
  is_disabled: boolean;
}

export function newDraft(language: 'en' | 'de'): AlertDraft {
  return {
    name: '',
    kind: 'mail',
    addresses: '',
    language,
    url: '',
    secret: '',
    is_on_failure: true,
    is_on_waiting: true,
    silent_hours: '48',
    is_disabled: false,
  };
}

/** A channel that is kept, as the form shows it. */
export function draftOf(alert: Alert): AlertDraft {
  const { channel } = alert;
  const draft: AlertDraft = {
    ...newDraft('en'),
    name: alert.name,
    kind: channel.kind,
    is_on_failure: alert.is_on_failure ?? true,
    is_on_waiting: alert.is_on_waiting ?? true,
    silent_hours: alert.silent_hours?.toString() ?? '',
    is_disabled: alert.is_disabled ?? false,
  };
  if (channel.kind === 'webhook') return { ...draft, url: channel.url };
  const { addresses, language = 'en' } = channel;
  return { ...draft, addresses: addresses.join('\n'), language };
}

/** What is sent of a draft. */
export function fieldsOfDraft(draft: AlertDraft): AlertFields {
  const { kind, language, url } = draft;
  return {
    name: draft.name.trim(),
    channel:
      kind === 'mail'
        ? { kind, addresses: linesOf(draft.addresses), language }
        : { kind, url: url.trim() },
    is_on_failure: draft.is_on_failure,
    is_on_waiting: draft.is_on_waiting,
    silent_hours: Number(draft.silent_hours.trim()) || null,
    is_disabled: draft.is_disabled,
  };
}

const MOST_HOURS = 720;

/** What is wrong with a draft beyond single fields; `kept` is what it would change. */
export function checkAlert(draft: AlertDraft, kept: Alert | null): Refusal[] {
  const { kind, addresses, silent_hours } = draft;
  const refusals: Refusal[] = [];
  if (kind === 'webhook' && !draft.secret && isElsewhere(draft, kept)) {
    refusals.push({ field: 'secret', rule: { code: 'required' } });
  }
  if (kind === 'mail' && linesOf(addresses).length === 0) {
    refusals.push({ field: 'addresses', rule: { code: 'required' } });
  }
  const hours = silent_hours.trim();
  if (hours && !(/^\d+$/.test(hours) && Number(hours) >= 1 && Number(hours) <= MOST_HOURS)) {
    const rule = { code: 'out_of_range', min: 1, max: MOST_HOURS } as const;
    refusals.push({ field: 'silent_hours', rule });
  }
  return refusals;
}

/** Whether requests go to another address than before, for which no secret is kept. */
function isElsewhere({ url }: AlertDraft, kept: Alert | null): boolean {
  return kept?.channel.kind !== 'webhook' || kept.channel.url !== url.trim();
}

/** The field of the form that shows a value of the gateway. */
export function draftFieldAt(path: string): string {
  const [area = '', field = ''] = path.split(/[.[]/);
  return area === 'channel' ? field : area;
}

function linesOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}
