import { Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import { setCurrentVersion } from '../../scripts/currentVersion.js';
import { openShop, until, type Shop } from '../support/shop.js';

let shop: Shop;
let connection: Connection;
beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  connection = await Connection.connect({ address: inject('temporalAddress') });
});
afterAll(async () => {
  await shop.close();
  await connection.close();
});

/** Spent once, whoever decides it. */
async function spend(reference: string, saleId: string): Promise<AccountPaymentView> {
  const body = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId };
  const idempotencyKey = randomUUID();
  return until(async () => {
    const reply = await shop.post<{ payment: AccountPaymentView }>(`/account-payments/${reference}/apply`, body, {
      idempotencyKey,
    });
    return reply.status === 200 && reply.body.payment;
  });
}

test('a payment goes on from workers without a version to a build, and from a build to the next', async () => {
  await shop.startWorker();
  const { reference } = await shop.issue();
  expect(await spend(reference, 'S-1')).toMatchObject({ balanceMinor: 9_999 });
  await shop.stopWorker();

  for (const [i, buildId] of ['one', 'two'].entries()) {
    await shop.startWorker({ buildId });
    await setCurrentVersion(connection, 'default', buildId);
    expect(await spend(reference, `S-${buildId}`)).toMatchObject({ balanceMinor: 9_998 - i, revision: 3 + i });
    const { reference: fresh } = await shop.issue();
    expect(await spend(fresh, `S-${buildId}`)).toMatchObject({ balanceMinor: 9_999 });
    await shop.stopWorker();
  }
});
