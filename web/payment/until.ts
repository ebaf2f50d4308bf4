const DAY_MS = 24 * 60 * 60 * 1000;

/** How far a calendar day is away, as people say it: `in 12 days`, `tomorrow`, `2 years ago`. */
export function inWords(day: string, today: string, locale: string): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const days = Math.round((dayMs(day) - dayMs(today)) / DAY_MS);
  if (Math.abs(days) < 60) return words.format(days, 'day');
  const months = Math.round(days / 30.4375);
  return Math.abs(months) < 24 ? words.format(months, 'month') : words.format(Math.round(days / 365.25), 'year');
}

function dayMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}
