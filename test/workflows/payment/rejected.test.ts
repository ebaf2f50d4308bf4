import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openShop, until, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const PAYMENTS = 10;
const ROUNDS = 3;
/** Updates that are on their way to one payment. */
const AT_ONCE = 2;

/** A hold whose record waits two seconds for its capture, while updates come that are turned down. */
async function holdMeanwhile(reference: string, commandId: string): Promise<void> {
  const handle = shop.client.workflow.getHandle(reference);
  let record: 'waits' | 'written' = 'waits';
  const turnedDown = Array.from({ length: AT_ONCE }, async () => {
    while (record === 'waits')
      await expect(handle.executeUpdate('apply', { args: [{}] })).rejects.toThrow('Update failed');
  });
  const terms = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId: commandId, lifetimeMs: 600_000 };
  const hold = { ...terms, commandId, by: { caller: 'till-7' }, followedBy: 'capture' };
  expect(await shop.tell(reference, 'hold', hold)).toMatchObject({ outcome: 'accepted' });
  await until(async () => {
    const rows = await shop.sql`select 1 from commands where reference = ${reference} and command_id = ${commandId}`;
    return rows.length === 1;
  }).finally(() => (record = 'written'));
  await Promise.all(turnedDown);
}

test('what falls due while updates are turned down happens when it is replayed as it did', async () => {
  const payments = await Promise.all(Array.from({ length: PAYMENTS }, () => shop.issue()));
  await Promise.all(
    payments.map(async ({ reference }) => {
      for (let round = 0; round < ROUNDS; round++) await holdMeanwhile(reference, `H-${round}`);
    }),
  );
  for (const { reference } of payments) {
    const history = await shop.client.workflow.getHandle(reference).fetchHistory();
    await Worker.runReplayHistory({ workflowBundle: { codePath: inject('bundlePath') } }, history, reference);
  }
});
