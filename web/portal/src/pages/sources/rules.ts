import { parseCron } from '../../app/cron';
import type { Translate } from '../../i18n/catalogue';
import type { Refusal } from '../../parts/form';
import type { SourceDraft } from './draft';
import { MAPPED } from './mapping';
import { namesIn } from './rules/model';
import { refusedInService } from './service-rules';
import { isSipAddress } from './sip';

const NAMES = 20;
const NAME_CHARS = 128;

/** The rules of a source beyond its fields' own, as `directory/model/src/source.rs` has them. */
export function checkSource(t: Translate, draft: SourceDraft): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (field: keyof SourceDraft, text: string): void => {
    refusals.push({ field, rule: { code: 'text', text } });
  };
  if (draft.kind === 'ldap' || draft.kind === 'sip') {
    const host = draft.host.trim();
    if (host && !/^(\[[\da-f:.%]+\]|[^\s/:]+)$/i.test(host)) refuse('host', t('rule.format.host'));
    const port = draft.port.trim();
    const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
    if (port && !isPort) refuse('port', t('source.port.wrong'));
    if (draft.kind === 'sip') {
      const address = draft.address.trim();
      if (address && !isSipAddress(address)) refuse('address', t('source.address.wrong'));
      const { reads_presence, reads_calls } = draft.presence ?? {};
      if (!reads_presence && !reads_calls) refuse('presence', t('source.presence.none'));
    }
  } else if (draft.kind === 'file') {
    const path = draft.path.trim();
    if (path.startsWith('/') || path.split(/[/\\]/).includes('..')) {
      refuse('path', t('rule.format.path'));
    }
  }
  for (const [field, rule] of refusedInService(draft)) refuse(field, t(rule));
  for (const field of draft.is_mapped ? MAPPED : []) {
    const value = draft[`map_${field}`];
    const rules = typeof value === 'string' ? namesIn(value) : value;
    const names = rules.flatMap((rule) => (typeof rule === 'string' ? rule : rule.attributes));
    const isFine = rules.length <= NAMES && names.every((name) => [...name].length <= NAME_CHARS);
    if (!isFine) refuse(`map_${field}`, t('source.mapping.rule'));
  }
  if (draft.schedule?.trim() && !parseCron(draft.schedule)) {
    refuse('schedule', t('source.schedule.wrong'));
  }
  const minutes = draft.poll_minutes.trim();
  const isPollable = /^\d{1,4}$/.test(minutes) && Number(minutes) >= 1 && Number(minutes) <= 1440;
  if (minutes && !isPollable) refuse('poll_minutes', t('source.poll.wrong'));
  const percent = draft.change_threshold_percent.trim();
  const isPercent = /^\d{1,3}$/.test(percent) && Number(percent) >= 1 && Number(percent) <= 100;
  if (percent && !isPercent) {
    refuse('change_threshold_percent', t('source.change_threshold.wrong'));
  }
  return refusals;
}
