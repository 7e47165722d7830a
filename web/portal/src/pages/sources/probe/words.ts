import type { Finding, ProbeStep } from '../../../data/probe';
import type { Translate } from '../../../i18n/catalogue';
import { ruleText } from '../../../parts/reasons';

/** What a step found, in one sentence. */
export function findingText(t: Translate, finding: Finding): string {
  switch (finding.code) {
    case 'encrypted':
      return finding.expires_at
        ? t('probe.encrypted.until', { protocol: finding.protocol, at: finding.expires_at })
        : t('probe.encrypted', finding);
    case 'entries_found':
      return t(finding.is_all ? 'probe.entries_found' : 'probe.entries_at_least', finding);
    case 'entries_unusable':
      return t('probe.entries_unusable', {
        count: finding.count,
        reason: t('entries.reason', {
          field: finding.reason.field,
          value: finding.reason.value,
          rule: ruleText(t, finding.reason.rule),
        }),
      });
    case 'tells_changes':
      return t(`probe.tells_changes.${finding.directory}`);
    case 'not_reached':
    case 'not_encrypted':
    case 'readable_on_the_way':
    case 'anonymous':
    case 'no_entries':
    case 'answers_by_address':
    case 'photos_not_read':
    case 'tells_no_changes':
      return t(`probe.${finding.code}`);
    case 'deletions_hidden':
      return t('probe.deletions_hidden', finding);
    case 'took_too_long':
      return t('probe.took_too_long', finding);
    case 'no_address':
      return t('probe.no_address', finding);
    case 'name_unknown':
      return t('probe.name_unknown', finding);
    case 'name_found':
      return t('probe.name_found', finding);
    case 'connected':
      return t('probe.connected', finding);
    case 'not_connected':
      return t('probe.not_connected', finding);
    case 'certificate_refused':
      return t('probe.certificate_refused', finding);
    case 'encryption_failed':
      return t('probe.encryption_failed', finding);
    default:
      return moreText(t, finding);
  }
}

type Rest = Extract<
  Finding,
  {
    code:
      | 'signed_in'
      | 'secret_missing'
      | 'sign_in_refused'
      | 'sign_in_failed'
      | 'base_found'
      | 'base_missing'
      | 'filter_invalid'
      | 'search_failed'
      | 'photos_found'
      | 'no_photos'
      | 'file_opened'
      | 'file_refused';
  }
>;

function moreText(t: Translate, finding: Rest): string {
  switch (finding.code) {
    case 'signed_in':
      return t('probe.signed_in', finding);
    case 'secret_missing':
      return t('probe.secret_missing', finding);
    case 'sign_in_refused':
      return t('probe.sign_in_refused', finding);
    case 'sign_in_failed':
      return t('probe.sign_in_failed', finding);
    case 'base_found':
      return t('probe.base_found', finding);
    case 'base_missing':
      return t('probe.base_missing', finding);
    case 'filter_invalid':
      return t('probe.filter_invalid', finding);
    case 'search_failed':
      return t('probe.search_failed', finding);
    case 'photos_found':
      return t('probe.photos_found', finding);
    case 'no_photos':
      return t('probe.no_photos', finding);
    case 'file_opened':
      return t('probe.file_opened', finding);
    case 'file_refused':
      return t('probe.file_refused', finding);
  }
}

/** What came of all steps, in one sentence. */
export function verdict(t: Translate, steps: readonly ProbeStep[]): string {
  if (steps.some(({ outcome }) => outcome === 'failed')) return t('probe.verdict.failed');
  if (steps.some(({ outcome }) => outcome === 'warning')) return t('probe.verdict.warning');
  return t('probe.verdict.passed');
}
