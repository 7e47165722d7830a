import type { Progress } from '../../data/runs';
import type { Translate } from '../../i18n/catalogue';

/** What a run is busy with. */
export function phaseText(t: Translate, { phase }: Progress): string {
  return t(`run.phase.${phase}`);
}

/** How far a phase has come, as a part of 1, where its end is known. */
export function doneOf(progress: Progress | null): { done: number } | Record<string, never> {
  if (!progress?.expected) return {};
  return { done: Math.min(1, progress.done / progress.expected) };
}

/** How much of a phase is done, how fast it goes on, and how long it takes, as far as that is known. */
export function paceText(t: Translate, progress: Progress): string {
  const { done, expected, per_second, seconds_left } = progress;
  const parts = [
    expected ? t('run.pace.of', { done, expected }) : t('run.pace.done', { done }),
    typeof per_second === 'number' ? t('run.pace.rate', { rate: per_second }) : null,
    typeof seconds_left === 'number' ? leftText(t, seconds_left) : null,
  ];
  return parts.filter(Boolean).join(' · ');
}

function leftText(t: Translate, seconds: number): string {
  if (seconds < 90) return t('run.pace.seconds', { seconds });
  return t('run.pace.minutes', { minutes: Math.round(seconds / 60) });
}
