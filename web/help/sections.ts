/** The chapters of the staff's manual, in its order. */
export const helpSections = [
  'what',
  'types',
  'creating',
  'till',
  'lifecycle',
  'refunds',
  'expiration',
  'customers',
  'held',
  'attention',
  'reports',
  'accounts',
  'signing-in',
  'signing',
  'messages',
  'away',
] as const;
export type HelpSection = (typeof helpSections)[number];

/** Which chapter tells of a page; the first that fits counts. */
const chapters: readonly (readonly [address: RegExp, section: HelpSection])[] = [
  [/^\/account-payments\/new$/, 'creating'],
  [/^\/account-payments\/[^/]+\/slip$/, 'creating'],
  [/^\/account-payments\/[^/]+\/refund$/, 'refunds'],
  [/^\/account-payments\/[^/]+\/(extend|expire|reinstate)$/, 'expiration'],
  [/^\/account-payments\/./, 'lifecycle'],
  [/^\/till/, 'till'],
  [/^\/held/, 'held'],
  [/^\/attention/, 'attention'],
  [/^\/(reports|closes)/, 'reports'],
  [/^\/sales/, 'refunds'],
  [/^\/customers/, 'customers'],
  [/^\/settings/, 'accounts'],
  [/^\/own-password/, 'signing-in'],
];

export function helpSectionOf(path: string): HelpSection {
  return chapters.find(([address]) => address.test(path))?.[1] ?? 'what';
}
