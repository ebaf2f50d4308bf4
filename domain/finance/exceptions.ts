/** What somebody in the back office should look at, since a till alone does none of it. */
export const exceptionActs = [
  'goodwill',
  'credit_without_sale',
  'paid_out',
  'forfeited',
  'reinstated',
  'extended',
  'thawed',
  'law_overridden',
] as const;
