import type { Words } from '../i18n/context';
import { type Cron, nextRun } from './cron';

const DAY_MS = 86_400_000;
/** More times of a day than these are summed up. */
const TIMES = 6;
/** A Sunday. */
const SUNDAY = Date.UTC(2026, 0, 4);

/** A schedule in plain language. */
export function cronText(words: Words, cron: Cron): string {
  return words.t('cron.read', { days: daysOf(words, cron), times: timesOf(words, cron) });
}

/** When a schedule runs next, at the clocks of its time zone. */
export function nextText({ t, locale }: Words, cron: Cron, zone: string): string {
  const at = nextRun(cron, zone, Date.now());
  if (at === null) return t('cron.never');
  const style = { dateStyle: 'full', timeStyle: 'short', timeZone: zone } as const;
  return t('cron.next', { at: new Intl.DateTimeFormat(locale, style).format(at), zone });
}

function daysOf({ t, locale }: Words, cron: Cron): string {
  const list = (items: string[]): string => new Intl.ListFormat(locale).format(items);
  const named = (at: number, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(at);
  const days = list(cron.days.map(String));
  const week = list(cron.weekDays.map((day) => named(SUNDAY + day * DAY_MS, { weekday: 'long' })));
  const text = cron.isEveryDay
    ? cron.isEveryWeekDay
      ? t('cron.daily')
      : t('cron.week', { days: week })
    : cron.isEveryWeekDay
      ? t('cron.month', { days })
      : t('cron.either', { days, week });
  if (cron.isEveryMonth) return text;
  const months = cron.months.map((month) => named(Date.UTC(2026, month - 1), { month: 'long' }));
  return t('cron.in', { days: text, months: list(months) });
}

function timesOf({ t, locale }: Words, { minutes, hours }: Cron): string {
  const time = (hour: number, minute: number): string =>
    new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' }).format(
      (hour * 60 + minute) * 60_000,
    );
  if (hours.length === 24) {
    const step = stepOf(minutes);
    if (step) return t('cron.every', { count: step });
    if (minutes.length === 1) return t('cron.hourly', { minute: minutes[0] });
  }
  const count = hours.length * minutes.length;
  if (count <= TIMES) {
    const all = hours.flatMap((hour) => minutes.map((minute) => time(hour, minute)));
    return t('cron.times', { times: new Intl.ListFormat(locale).format(all) });
  }
  const first = time(hours[0] ?? 0, minutes[0] ?? 0);
  const last = time(hours.at(-1) ?? 0, minutes.at(-1) ?? 0);
  return t('cron.often', { count, first, last });
}

/** The distance between minutes that are spread evenly over the hour; null for others. */
function stepOf(minutes: readonly number[]): number | null {
  const step = 60 / minutes.length;
  const isEven = minutes.length > 1 && minutes.every((minute, at) => minute === at * step);
  return isEven ? step : null;
}
