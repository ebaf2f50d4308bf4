import { endOfDay, isDay, type Calendar, type Instant } from '../instants.js';
import type { Day, Demand } from './rule.js';

/** The same day so many years later; of 29 February, where the year has none, the last of the month. */
export function yearsAfter(day: Day, years: number): Day {
  const year = String(Number(day.slice(0, 4)) + years).padStart(4, '0');
  const later = `${year}${day.slice(4)}`;
  return isDay(later) ? later : `${year}-02-28`;
}

/** The last day on which a payment has to be good at the least. Years run out with the day they began on. */
export function leastLastDay({ years, from }: Extract<Demand, { kind: 'least_validity' }>, issuedOn: Day): Day {
  return yearsAfter(from === 'end_of_year' ? `${issuedOn.slice(0, 4)}-12-31` : issuedOn, years);
}

/** When that day is over on the shop's calendar. */
export function endOf(day: Day, calendar: Calendar): Instant {
  const end = endOfDay(day, calendar);
  if (end === undefined) throw new Error(`${day} is no day`);
  return end;
}
