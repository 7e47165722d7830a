import type { JobHealth, System } from '../../data/system';
import type { Translate } from '../../i18n/catalogue';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A size as people say it, such as 12.3 MB. */
export function sizeText(bytes: number, locale: string): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const format = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  });
  return format.format(bytes / 1000 ** power);
}

/** How often a job is done. */
export function everyText(t: Translate, seconds: number): string {
  if (seconds >= 3600 && seconds % 3600 === 0)
    return t('job.every.hours', { count: seconds / 3600 });
  if (seconds >= 60 && seconds % 60 === 0) return t('job.every.minutes', { count: seconds / 60 });
  return t('job.every.seconds', { count: seconds });
}

/** How many sources are asked about presence, and whether they answer. */
export function upkeepText(
  t: Translate,
  { asked, with_problem }: Pick<System['upkeep'], 'asked' | 'with_problem'>,
): string {
  if (asked === 0) return t('system.upkeep.none');
  if (with_problem === 0) return t('system.upkeep.well', { count: asked });
  if (with_problem >= asked) return t('system.upkeep.silent', { count: asked });
  return t('system.upkeep.problems', { asked, count: with_problem });
}

export type JobState = 'late' | 'going_on' | 'failed' | 'succeeded' | 'waiting';

/** How a job is doing. */
export function stateOf(job: JobHealth): JobState {
  if (job.is_overdue) return 'late';
  if (job.outcome === 'failed') return 'failed';
  if (job.is_going_on && !job.outcome) return 'going_on';
  return job.outcome ? 'succeeded' : 'waiting';
}
