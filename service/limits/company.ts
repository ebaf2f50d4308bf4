/** Who was here so lately is here still: between two requests a till is no stranger. */
const COMPANY_MS = 5_000;

/** Tells whether anybody but a caller was here lately. */
export function createCompany(now: () => number) {
  let latest: { caller: string; atMs: number } | undefined;
  let before: { atMs: number } | undefined;
  return {
    comes(caller: string): void {
      if (latest?.caller !== caller) before = latest;
      latest = { caller, atMs: now() };
    },

    isBeside(caller: string): boolean {
      const other = latest?.caller === caller ? before : latest;
      return other !== undefined && now() - other.atMs < COMPANY_MS;
    },
  };
}
