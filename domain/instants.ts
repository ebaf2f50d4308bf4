/** A point in time as `2026-11-23T10:00:00.000Z`, always in that form, so that texts compare as times do. */
export type Instant = string;

export function instantOf(timeMs: number): Instant {
  return new Date(timeMs).toISOString();
}

/** From this instant on it is over: `expiresAt` itself is already too late. `null` never comes. */
export function hasPassed(instant: Instant | null, nowMs: number): boolean {
  return instant !== null && Date.parse(instant) <= nowMs;
}

/** The wall calendar of a time zone. To make one takes far longer than to ask it, so who has one keeps it. */
export type Calendar = {
  /** `YYYY-MM-DD` of that moment. */
  readonly dayAt: (timeMs: number) => string;
};

export function createCalendar(timeZone: string): Calendar {
  let kept: Intl.DateTimeFormat | undefined;
  return {
    dayAt(timeMs) {
      kept ??= new Intl.DateTimeFormat('en-u-ca-iso8601', { timeZone, ...NUMERIC });
      const parts = kept.formatToParts(timeMs);
      const part = (type: 'year' | 'month' | 'day', width: number) =>
        (parts.find((each) => each.type === type)?.value ?? '').padStart(width, '0');
      return `${part('year', 4)}-${part('month', 2)}-${part('day', 2)}`;
    },
  };
}

const NUMERIC = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;

/**
 * The instant at which a calendar day ends: the first one of the next day, so that a payment valid "through
 * 2026-12-31" expires then. `undefined` for a day that the calendar does not have.
 */
export function endOfDay(date: string, calendar: Calendar): Instant | undefined {
  return isOnCalendar(date) ? instantOf(firstInstantOf(daysAfter(date, 1), calendar)) : undefined;
}

/** The first instant of a calendar day; `undefined` for a day that the calendar does not have. */
export function startOfDay(date: string, calendar: Calendar): Instant | undefined {
  return isOnCalendar(date) ? instantOf(firstInstantOf(date, calendar)) : undefined;
}

function isOnCalendar(date: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1970 && instantOf(Date.UTC(year, month - 1, day)).slice(0, 10) === date;
}

/** The day so many days later on the calendar. */
export function daysAfter(date: string, days: number): string {
  return instantOf(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).slice(0, 10);
}

/** How many days the second one is later on the calendar. */
export function daysBetween(first: string, second: string): number {
  return Math.round((Date.parse(`${second}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS);
}

/** The last day on which something is good that ends at this instant. */
export function lastDayBefore(end: Instant, calendar: Calendar): string {
  return calendar.dayAt(Date.parse(end) - 1);
}

/** `2026-11-23`, a day of the calendar from 1970 to 9998; beyond, time zones lead out of the four digits. */
export function isDay(text: string): boolean {
  return isOnCalendar(text) && text <= LAST_DAY;
}

const LAST_DAY = '9998-12-31';
/** When that day ends in the last of all time zones. */
const LAST_INSTANT = '9999-01-01T12:00:00.000Z';

/** An instant of a year from 1970 to 9998, in whatever time zone its shop is. */
export function isInTime(instant: Instant): boolean {
  return instant >= '1970' && instant <= LAST_INSTANT;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Found by halving: days begin at other times than 00:00 where clocks jump at midnight. */
function firstInstantOf(date: string, calendar: Calendar): number {
  let before = Date.parse(`${date}T00:00:00Z`) - DAY_MS;
  let after = before + 2 * DAY_MS;
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS;
    if (calendar.dayAt(middle) < date) before = middle;
    else after = middle;
  }
  return after;
}
