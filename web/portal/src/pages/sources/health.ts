import type { AspectHealth } from '../../data/health';
import type { Translate } from '../../i18n/catalogue';
import { problemText } from '../runs/words';

type Problem = NonNullable<AspectHealth['problem']>;

/**
 * What stands against asking a source about presence. Runs have the same problems and other
 * consequences.
 */
export function healthProblemText(t: Translate, problem: Problem): string {
  switch (problem.code) {
    case 'unreachable':
      return t('health.problem.unreachable', problem);
    case 'certificate_refused':
      return t('health.problem.certificate_refused', problem);
    case 'bind_refused':
      return t('health.problem.bind_refused', problem);
    case 'token_refused':
      return t('health.problem.token_refused', problem);
    case 'request_refused':
      return t('health.problem.request_refused', problem);
    case 'busy':
      return t('health.problem.busy', problem);
    case 'cut_short':
      return t('health.problem.cut_short', problem);
    case 'internal':
      return t('health.problem.internal');
    default:
      return problemText(t, problem);
  }
}
