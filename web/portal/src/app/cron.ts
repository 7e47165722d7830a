/** A schedule of five cron fields, as far as it is worded and looked ahead here. */
export interface Cron {
  minutes: readonly number[];
  hours: readonly number[];
  days: readonly number[];
  months: readonly number[];
  /** Sunday is 0. */
  weekDays: readonly number[];
  /** Whether a field is `*`: when neither kind of day is, either makes it a day of the schedule. */
  isEveryDay: boolean;
  isEveryMonth: boolean;
  isEveryWeekDay: boolean;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const WEEK_DAYS = 'sun mon tue wed thu fri sat'.split(' ');
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A leap day that falls on a week day comes again within this many days. */
const AHEAD_DAYS = 366 * 12;

/** Reads a schedule; null when it is none. */
export function parseCron(text: string): Cron | null {
  const fields = text.trim().split(/\s+/);
  const [minute, hour, day, month, weekDay] = fields;
  if (fields.length !== 5 || !minute || !hour || !day || !month || !weekDay) return null;
  const minutes = listOf(minute, 0, 59);
  const hours = listOf(hour, 0, 23);
  const days = listOf(day, 1, 31);
  const months = listOf(month, 1, 12, MONTHS, 1);
  const weekDays = listOf(weekDay, 0, 7, WEEK_DAYS, 0);
  if (!minutes || !hours || !days || !months || !weekDays) return null;
  return {
    minutes,
    hours,
    days,
    months,
    weekDays: sorted(weekDays.map((one) => one % 7)),
    isEveryDay: day === '*' || day === '?',
    isEveryMonth: month === '*',
    isEveryWeekDay: weekDay === '*' || weekDay === '?',
  };
}

function listOf(
  field: string,
  first: number,
  last: number,
  names: string[] = [],
  nameAt = 0,
): number[] | null {
  const values: number[] = [];
  for (const part of field.toLowerCase().split(',')) {
    const range = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part);
    if (!range) return null;
    const [, from = '', to, by] = range;
    const isAll = from === '*' || from === '?';
    const start = isAll ? first : numberOf(from, names, nameAt);
    const only = by === undefined ? start : last;
    const end = to !== undefined ? numberOf(to, names, nameAt) : isAll ? last : only;
    const step = by === undefined ? 1 : Number(by);
    if (start === null || end === null || step < 1 || (isAll && to !== undefined)) return null;
    if (start < first || end > last || start > end) return null;
    for (let value = start; value <= end; value += step) values.push(value);
  }
  return sorted(values);
}

function numberOf(word: string, names: string[], nameAt: number): number | null {
  if (/^\d+$/.test(word)) return Number(word);
  const at = names.indexOf(word);
  return at < 0 ? null : at + nameAt;
}

function sorted(values: number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** Whether a local day is one of the schedule. */
function isDay(cron: Cron, day: Date): boolean {
  if (!cron.months.includes(day.getUTCMonth() + 1)) return false;
  const isMonthDay = cron.days.includes(day.getUTCDate());
  const isWeekDay = cron.weekDays.includes(day.getUTCDay());
  if (cron.isEveryDay) return isWeekDay;
  if (cron.isEveryWeekDay) return isMonthDay;
  return isMonthDay || isWeekDay;
}

/**
 * The first time after `now` in milliseconds; null when there is none. A local time that a change of
 * the clock skips counts at the end of the gap, one that comes twice only the first time.
 */
export function nextRun(cron: Cron, timeZone: string, now: number): number | null {
  const clock = clockOf(timeZone);
  const today = clock(now);
  const start = today - (today % DAY_MS);
  for (let day = 0; day <= AHEAD_DAYS; day += 1) {
    const midnight = start + day * DAY_MS;
    if (!isDay(cron, new Date(midnight))) continue;
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const local = midnight + (hour * 60 + minute) * MINUTE_MS;
        // Clocks are never set by more than this, so that earlier times are over.
        if (local < today - DAY_MS / 8) continue;
        const at = instantOf(clock, local);
        if (at > now) return at;
      }
    }
  }
  return null;
}

/** What clocks show at a moment, as if it were UTC. */
function clockOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const day = Date.UTC(part('year'), part('month') - 1, part('day'));
    return day + ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000;
  };
}

/** The first moment at which clocks show `local`, or the end of the gap that skips it. */
function instantOf(clock: (at: number) => number, local: number): number {
  const offsets = [local - DAY_MS, local + DAY_MS].map((at) => clock(at) - at);
  const moments = offsets.map((offset) => local - offset).sort((a, b) => a - b);
  const shown = moments.find((at) => clock(at) === local);
  if (shown !== undefined) return shown;
  // In a gap both guesses are off by it: the earlier is before the change, the later after.
  let [before = local, after = local] = moments;
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS;
    if (clock(middle) < local) before = middle;
    else after = middle;
  }
  return after;
}
