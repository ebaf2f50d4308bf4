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
] as const;
export type HelpSection = (typeof helpSections)[number];

/** Which chapter tells of a page; the first that fits counts. */
const chapters: readonly (readonly [address: RegExp, section: HelpSection])[] = [
  [/^\/account-payments\/new$/, 'creating'],
  [/^\/account-payments\/[^/]+\/refund$/, 'refunds'],
  [/^\/account-payments\/[^/]+\/(extend|expire)$/, 'expiration'],
  [/^\/account-payments\/./, 'lifecycle'],
  [/^\/(till|held)/, 'till'],
  [/^\/sales/, 'refunds'],
  [/^\/customers/, 'customers'],
];

export function helpSectionOf(path: string): HelpSection {
  return chapters.find(([address]) => address.test(path))?.[1] ?? 'what';
}
