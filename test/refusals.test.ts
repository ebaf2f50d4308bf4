import { expect, test } from 'vitest';
import { closeRefusals } from '../domain/finance/closing.js';
import { isRefusalCode, refusals } from '../domain/refusals.js';
import { parseMessage } from '../workflows/payment/messages.js';
import { malformedRows } from './api/malformedRows.js';
import { recorded } from './domain/payment/build.js';
import { rows } from './domain/payment/refusalRows.js';
import { saleRows } from './domain/sale/saleRows.js';

const hold = { commandId: 'h', customerId: 'C', amountMinor: 1, currency: 'EUR', saleId: 'S' };

test('every refusal has a test row, and every row is of a refusal', () => {
  const tested = new Set<string>([
    ...rows.map(([code]) => code),
    ...saleRows.map(([code]) => code),
    ...malformedRows.map(([code]) => code),
  ]);
  tested.delete('accepted');
  for (const lifetimeMs of [0, -1, 1.5, 63 * 86_400_000]) {
    const parsed = parseMessage('hold', { ...hold, lifetimeMs }, recorded());
    expect(parsed).toEqual({ form: 'malformed', reason: 'lifetimeMs: invalid_lifetime' });
  }
  tested.add('invalid_lifetime');
  // What depends on the books: test/domain/payment/books.test.ts has them, and limits.test.ts the worn out one.
  for (const code of ['answer_in_books', 'issue_not_recorded', 'books_behind', 'books_differ', 'payment_worn_out'])
    tested.add(code);
  // What only a return is told by the books: test/api/sale/returns.test.ts and secondLife.test.ts, and decide.test.ts.
  tested.add('basket_unknown').add('books_unavailable').add('return_begun');
  // What the shop and the books decide before an actor is there: test/api/shops.test.ts and payment/replace.test.ts.
  tested.add('issue_not_allowed').add('exceeds_till_limit').add('not_reinstatable').add('already_reinstated');
  // What the law stands against, before anything is sent: test/api/law.test.ts.
  tested.add('against_law');
  // A header, not a body: test/api/badInput.test.ts has it.
  tested.add('idempotency_key_required');
  // What only a sale hears, of a payment with no room left, or without its workflow: test/api/sales.test.ts has them.
  tested.add('payment_busy').add('payment_unavailable');
  // What finance hears when it closes: test/api/finance/closes.test.ts and test/db/finance.
  for (const code of Object.keys(closeRefusals)) tested.add(code);
  expect([...tested].sort()).toEqual(Object.keys(refusals).sort());
});

test('every refusal has a sentence that ends as one, and a status that tells malformed from refused', () => {
  for (const [code, { sentence, status }] of Object.entries(refusals)) {
    expect(sentence, code).toMatch(/^[A-Z].*\.$/);
    expect([400, 403, 404, 409, 422, 429, 503], code).toContain(status);
  }
  expect(isRefusalCode('toString')).toBe(false);
});
