/** Texts that somewhere were too much for something: for Postgres, a calendar, a number, a reader. */
export const badTexts: readonly string[] = [
  "x' or 1=1 --",
  '__proto__',
  'infinity',
  '',
  ' ',
  '.',
  '..',
  'a\0b',
  'a\u0007b',
  'a\u009fb',
  'a\tb',
  'a\r\nb',
  '\ud800',
  '\ufffe\u202e\u{10ffff}',
  'x'.repeat(5_000),
  '💶'.repeat(2_001),
  'constructor',
  'null',
  'NaN',
  '-1',
  '1.5',
  '1e400',
  '2147483648',
  '9007199254740993',
  '9223372036854775808',
  '0000-01-01',
  '0000-01-01T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '2027-02-30',
  '9999-12-31T23:59:59.999Z',
  '10000-01-01',
  '+010000-01-01T00:00:00Z',
  '294277-01-01T00:00:00Z',
];

/** Everything else that JSON can hold in place of what was meant, as it stands in a body. */
export const badJson: readonly string[] = [
  ...badTexts.map((text) => JSON.stringify(text)),
  ...['null', 'true', 'false', '0', '-0', '-1', '1.5', '1e-7', '1e300', '1e400', '-1e400'],
  ...['2147483648', '9007199254740993', '9223372036854775808', '1000000000001'],
  ...['[]', '{}', '[null]', '[[[[]]]]', '{"__proto__":{"polluted":1}}', '{"a\\u0000b":1}', '{"toString":1}'],
  '['.repeat(2_000) + ']'.repeat(2_000),
];

const reference = 'ACC-20261123-7KQ2M9XB';
const years = [
  '0000-01-01T00:00:00.000Z',
  '+010000-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  'infinity',
  'a\0',
];
const numbers = [-1, 1.5, 2_147_483_648, 2 ** 53, 1e300, null, '1', 'a\0'];

/** Cursors that nobody was given: positions beyond what any list can have. */
export const badCursors: readonly string[] = [
  ...numbers.flatMap((number) => [{ sequence: number }, { revision: number }]),
  ...years.map((movedAt) => ({ movedAt, reference, sequence: 1 })),
  ...[...years, ...numbers].flatMap((value) =>
    ['issuedAt', '-expiresAt', 'amountMinor', 'customerId', 'reference', 'status'].map((sort) => ({
      sort,
      value,
      reference,
    })),
  ),
  { sort: 'issuedAt', value: '2026-01-01T00:00:00.000Z', reference: 'a\0' },
].map((position) => Buffer.from(JSON.stringify(position)).toString('base64url'));
