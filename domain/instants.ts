/** A point in time as `2026-11-23T10:00:00.000Z`, always in that form, so that texts compare as times do. */
export type Instant = string;

export function instantOf(timeMs: number): Instant {
  return new Date(timeMs).toISOString();
}

/** From this instant on it is over: `expiresAt` itself is already too late. `null` never comes. */
export function hasPassed(instant: Instant | null, nowMs: number): boolean {
  return instant !== null && Date.parse(instant) <= nowMs;
}

/** `YYYY-MM-DD` of that moment on the shop's wall calendar. */
export function localDate(timeMs: number, timeZone: string): string {
  const { year, month, day } = wallClock(timeMs, timeZone);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/**
 * The instant at which a calendar day ends in a time zone: the first one of the next day, so that a payment valid
 * "through 2026-12-31" expires then. `undefined` for a day that the calendar does not have.
 */
export function endOfDay(date: string, timeZone: string): Instant | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const midnightUtcMs = Date.UTC(year, month - 1, day);
  if (year < 1970 || new Date(midnightUtcMs).toISOString().slice(0, 10) !== date) return undefined;
  return instantOf(firstInstantOf(instantOf(midnightUtcMs + DAY_MS).slice(0, 10), timeZone));
}

/** The first instant of a calendar day in a time zone; `undefined` for a day that the calendar does not have. */
export function startOfDay(date: string, timeZone: string): Instant | undefined {
  return endOfDay(date, timeZone) && instantOf(firstInstantOf(date, timeZone));
}

/** The day so many days later on the calendar. */
export function daysAfter(date: string, days: number): string {
  return instantOf(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).slice(0, 10);
}

/** The last day on which something is good that ends at this instant. */
export function lastDayBefore(end: Instant, timeZone: string): string {
  return localDate(Date.parse(end) - 1, timeZone);
}

/** `2026-11-23`, a day of the calendar from 1970 to 9998; beyond, time zones lead out of the four digits. */
export function isDay(text: string): boolean {
  return endOfDay(text, 'UTC') !== undefined && text <= LAST_DAY;
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
function firstInstantOf(date: string, timeZone: string): number {
  let before = Date.parse(`${date}T00:00:00Z`) - DAY_MS;
  let after = before + 2 * DAY_MS;
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS;
    if (localDate(middle, timeZone) < date) before = middle;
    else after = middle;
  }
  return after;
}

function wallClock(timeMs: number, timeZone: string): { year: number; month: number; day: number } {
  const parts = calendar(timeZone).formatToParts(timeMs);
  const part = (type: 'year' | 'month' | 'day') => Number(parts.find((each) => each.type === type)?.value);
  return { year: part('year'), month: part('month'), day: part('day') };
}

function calendar(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-u-ca-iso8601', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' });
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
