import { isOpen, type Run, type RunEntry } from '../../data/runs';
import type { Translate } from '../../i18n/catalogue';
import { ruleText } from '../../parts/reasons';
import { FIELD_LABELS, problemText } from '../runs/words';

/** What a run has made of a contact, in one sentence; `entries` are the run's lines about it. */
export function outcomeText(t: Translate, run: Run, entries: readonly RunEntry[]): string {
  if (isOpen(run)) return t('contact.sync.running');
  if (run.state === 'cancelled') return t('contact.sync.cancelled');
  if (run.problem) return problemText(t, run.problem);
  const left = entries.find(({ action }) => action === 'set_aside');
  if (left?.reason) {
    const { field, value, rule } = left.reason;
    const reason = t('entries.reason', { field, value, rule: ruleText(t, rule) });
    return t('contact.sync.set_aside', { reason });
  }
  if (entries.some(({ action }) => action === 'not_found')) return t('contact.sync.not_found');
  const actions = new Set(entries.map(({ action }) => action));
  if (actions.has('disable')) return t('contact.sync.disabled');
  if (actions.has('enable')) return t('contact.sync.enabled');
  const changed = entries.flatMap(({ changes }) =>
    changes.map(({ field }) => t(FIELD_LABELS[field])),
  );
  if (actions.has('set_photo') || actions.has('remove_photo'))
    changed.push(t('contact.sync.photo'));
  if (changed.length > 0) return t('contact.sync.changed', { fields: changed.join(', ') });
  return t(actions.has('link') ? 'contact.sync.linked' : 'contact.sync.unchanged');
}
