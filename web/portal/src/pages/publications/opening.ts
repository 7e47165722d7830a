import type { Holiday, Interval, OpeningHours } from '../../data/publications';

/** How many parts a day has at most, and how many days may differ. */
export const MAX_INTERVALS = 24;
export const MAX_HOLIDAYS = 366;

/** A time that nobody has entered yet. */
export const NO_TIME = -1;

const DAY_MINUTES = 1440;
const WORKDAYS = [0, 1, 2, 3, 4];

/** Opening hours to begin with: Monday to Friday, nine to five. */
export function usualHours(timeZone: string): OpeningHours {
  const day = (at: number): Interval[] => (WORKDAYS.includes(at) ? [{ from: 540, to: 1020 }] : []);
  return { time_zone: timeZone, weekly: [0, 1, 2, 3, 4, 5, 6].map(day), holidays: [] };
}

/** Minutes after midnight as a control of the browser has them; midnight at the end is 00:00. */
export function textOfTime(minutes: number): string {
  if (minutes === NO_TIME) return '';
  const at = minutes % DAY_MINUTES;
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(at / 60))}:${two(at % 60)}`;
}

/** The minutes after midnight that a control of the browser has; an end at 00:00 is midnight. */
export function timeOfText(text: string, isEnd: boolean): number {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return NO_TIME;
  const at = Number(hours) * 60 + Number(minutes);
  return isEnd && at === 0 ? DAY_MINUTES : at;
}

/** What is wrong with one part of a day. */
export type IntervalRefusal = 'incomplete' | 'order' | 'overlap';

/** What is wrong with the part at `at` of a day, as `directory/model/src/opening.rs` has it. */
export function intervalRefusal(day: readonly Interval[], at: number): IntervalRefusal | null {
  const own = day[at];
  if (!own) return null;
  if (own.from === NO_TIME || own.to === NO_TIME) return 'incomplete';
  if (own.to <= own.from) return 'order';
  const isOver = day.some(
    (other, index) => index !== at && other.from < own.to && own.from < other.to,
  );
  return isOver ? 'overlap' : null;
}

/** What is wrong with a day that differs. */
export function holidayRefusal(
  holidays: readonly Holiday[],
  at: number,
): 'no_date' | 'twice' | 'too_long' | null {
  const own = holidays[at];
  if (!own) return null;
  if (!/^\d{4}-\d\d-\d\d$/.test(own.date)) return 'no_date';
  if ([...(own.name ?? '')].length > 128) return 'too_long';
  return holidays.findIndex(({ date }) => date === own.date) < at ? 'twice' : null;
}

/** Whether opening hours can be kept as they are. */
export function isOpeningFine({ weekly, holidays = [] }: OpeningHours): boolean {
  const isFine = (day: readonly Interval[]): boolean =>
    day.length <= MAX_INTERVALS && day.every((_, at) => intervalRefusal(day, at) === null);
  return (
    weekly.every(isFine) &&
    holidays.length <= MAX_HOLIDAYS &&
    holidays.every(
      (day, at) => holidayRefusal(holidays, at) === null && isFine(day.intervals ?? []),
    )
  );
}

/** A further part of a day: after the last one, an hour later, as long as the day allows. */
export function withInterval(day: readonly Interval[]): Interval[] {
  const end = Math.max(NO_TIME, ...day.map(({ to }) => to));
  if (day.length === 0) return [{ from: 540, to: 1020 }];
  const from = end + 60;
  if (from >= DAY_MINUTES - 60) return [...day, { from: NO_TIME, to: NO_TIME }];
  return [...day, { from, to: Math.min(DAY_MINUTES, from + 240) }];
}

/** The week with one day's hours on others too. */
export function copied(
  weekly: readonly Interval[][],
  from: number,
  to: readonly number[],
): Interval[][] {
  const day = weekly[from] ?? [];
  return weekly.map((other, at) =>
    to.includes(at) ? day.map((interval) => ({ ...interval })) : other,
  );
}

/** The days that a copy usually goes to. */
export const USUAL_DAYS = { workdays: WORKDAYS, week: [0, 1, 2, 3, 4, 5, 6] } as const;

/** The name of a day of the week; Monday is 0. */
export function nameOfDay(day: number, locale: string, length: 'long' | 'short' = 'long'): string {
  // The first of January 2024 was a Monday.
  const at = Date.UTC(2024, 0, 1 + day);
  return new Intl.DateTimeFormat(locale, { weekday: length, timeZone: 'UTC' }).format(at);
}

/** Opening hours in one line; empty when there are none. */
export function openingText(hours: OpeningHours | null | undefined, locale: string): string {
  if (!hours) return '';
  const parts = (day: readonly Interval[]): string =>
    day.map(({ from, to }) => `${textOfTime(from)}–${textOfTime(to)}`).join(', ') || '–';
  const week = hours.weekly.map((day, at) => `${nameOfDay(at, locale, 'short')} ${parts(day)}`);
  const holidays = (hours.holidays ?? []).map(
    ({ date, intervals = [] }) => `${date} ${parts(intervals)}`,
  );
  return [hours.time_zone, ...week, ...holidays].join('; ');
}
