const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** For a timer until then. One of centuries would overflow the server's arithmetic; it is armed a year at a time. */
export function untilMs(due: string): number {
  return Math.max(1, Math.min(Date.parse(due) - Date.now(), YEAR_MS));
}
