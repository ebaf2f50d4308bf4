const MINUTE_MS = 60_000;
const UNITS = [
  { unit: 'day', ms: 24 * 60 * MINUTE_MS },
  { unit: 'hour', ms: 60 * MINUTE_MS },
  { unit: 'minute', ms: MINUTE_MS },
] as const;

/** For how long something has been, in the greatest unit of which there is a whole one: `12 minutes`. */
export function ageOf(sinceMs: number, nowMs: number, locale: string): string {
  const passedMs = Math.max(0, nowMs - sinceMs);
  const { unit, ms } = UNITS.find((each) => passedMs >= each.ms) ?? UNITS[2];
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
  return format.format(Math.floor(passedMs / ms));
}
