import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCalendar, instantOf } from '../../../domain/instants.js';
import { confirm } from '../../../domain/payment/change.js';
import { stateAtIssue } from '../../../domain/payment/issue.js';
import { toPlain } from '../../../domain/payment/state.js';
import { makeReference } from '../../../domain/reference.js';
import { issue as issueOf } from '../../domain/payment/build.js';
import { openShop, type Shop } from '../../support/shop.js';

/** Somebody who reaches Temporal's port starts payments by hand, past the API. */
let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  // Nothing was promised in these books before, and so nobody has compared them.
  await shop.issue();
});
afterAll(() => shop.close());

/** A payment that says that its books have all of it, under a reference that was never promised to anybody. */
async function madeUp(): Promise<string> {
  const nowMs = Date.now();
  const reference = makeReference(nowMs, createCalendar('UTC'), crypto.getRandomValues(new Uint8Array(8)));
  const by = { caller: 'operator', shopId: shop.shopId };
  const issue = issueOf({ reference, by, customerId: 'C-1', issuedAt: instantOf(nowMs), expiresAt: null });
  const state = stateAtIssue(issue);
  confirm(state, state.outbox.length);
  await shop.client.workflow.start('accountPayment', {
    args: [{ origin: 'continued', state: toPlain(state), waiting: [] }],
    workflowId: reference,
    taskQueue: shop.taskQueue,
  });
  return reference;
}

const spending = { customerId: 'C-1', amountMinor: 500, currency: 'EUR' };
const selling = (reference: string) => ({
  customerId: 'C-1',
  currency: 'EUR',
  lines: [{ productId: 'bike', amountMinor: 500 }],
  payments: [{ reference, amountMinor: 500 }],
});
const left = { headers: { Prefer: 'respond-async' } };

test.each([
  ['a till', (of: string) => shop.post(`/account-payments/${of}/apply`, { ...spending, saleId: 'S-1' })],
  [
    'a till by signal',
    (of: string) => shop.post(`/account-payments/${of}/apply`, { ...spending, saleId: 'S-2' }, left),
  ],
  ['a sale', (of: string) => shop.post('/sales/S-3/settle', selling(of))],
  ['a sale that holds', (of: string) => shop.post('/sales/S-4/hold', selling(of))],
  ['a gift', (of: string) => shop.post('/gifts', { reference: of, toCustomerId: 'C-2', ...spending })],
  [
    'a manager',
    (of: string) =>
      shop.post(`/account-payments/${of}/pay-out`, { ...spending, tender: 'cash', reason: 'asked for cash' }),
  ],
  ['somebody who reads', (of: string) => shop.get(`/account-payments/${of}`)],
] as const)('a payment that was made up, as one that goes on, serves nobody: not %s', async (_, ask) => {
  const reference = await madeUp();
  expect(await ask(reference)).toMatchObject({ status: 404, body: { code: 'payment_not_found' } });
  const payment = await shop.actors.payment(reference);
  expect(payment).toMatchObject({ revision: 1, balanceMinor: 10_000, heldMinor: 0 });
});
