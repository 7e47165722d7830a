import type { Alert } from '../../data/alerts';
import type { Translate } from '../../i18n/catalogue';

/** Why a message did not arrive. */
export function failureText(t: Translate, failure: NonNullable<Alert['failure']>): string {
  const detail = 'detail' in failure ? failure.detail : '';
  return t(`alerts.failed.${failure.code}`, { detail });
}
