import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MovementRow } from '../../../db/payment/movements.js';
import { inParallel } from '../../../activities/inParallel.js';
import { openShop, until, untilTold, type Shop } from '../../support/shop.js';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

type Answer = { code?: string; usage?: { sequence: number; balanceAfterMinor: number } };

const spend = (
  reference: string,
  amountMinor: number,
  idempotencyKey: string,
  headers: Record<string, string> = {},
  key = shop.keys.admin,
) =>
  shop.post<Answer>(
    `/account-payments/${reference}/apply`,
    { customerId: 'C-1', amountMinor, currency: 'EUR', saleId: `S-${idempotencyKey}` },
    { idempotencyKey, headers, key },
  );

const movementsOf = (reference: string) =>
  shop.sql<MovementRow[]>`select * from movements where reference = ${reference} order by sequence`;

const runsOf = async (reference: string) => {
  let count = 0;
  for await (const run of shop.client.workflow.list({ query: `WorkflowId = '${reference}'` }))
    count += run.workflowId === reference ? 1 : 0;
  return count;
};

test('ten copies of the same apply at once make one movement, and all ten hear of it', async () => {
  const { reference } = await shop.issue();
  const replies = await Promise.all(Array.from({ length: 10 }, () => spend(reference, 100, 'same')));
  expect(replies.map(({ status }) => status)).toEqual(Array<number>(10).fill(200));
  expect(new Set(replies.map(({ body }) => JSON.stringify(body.usage))).size).toBe(1);
  expect(replies.filter(({ headers }) => headers.get('Idempotent-Replayed') === 'true')).toHaveLength(9);
  expect(await movementsOf(reference)).toHaveLength(2);
});

test('a thousand applies of 1 on a payment of 500 are 500 accepted and 500 refused, across continue-as-new', async () => {
  const { reference } = await shop.issue({ amountMinor: 500 });
  const replies = await inParallel(16, 1_000, (i) => spend(reference, 1, `k${i}`, { Prefer: 'wait=0' }));
  const statuses = replies.map(({ status, body }) => body.code ?? status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(500);
  expect(statuses.filter((status) => status === 'payment_used' || status === 'insufficient_balance')).toHaveLength(500);
  const movements = await recorded(reference, 1_001);
  expect(movements).toHaveLength(501);
  expect(movements.at(-1)).toMatchObject({ sequence: 501, balanceAfterMinor: 0 });
  expect(await until(async () => (await runsOf(reference)) >= 2)).toBe(true);
});

test(
  'a burst of 2,000 commands by 20 callers, each sent twice, around several continue-as-new: none twice, none lost',
  { timeout: 400_000 },
  async () => {
    const { reference } = await shop.issue({ amountMinor: 1_000_000 });
    const callers = await Promise.all(Array.from({ length: 20 }, (_, i) => shop.keyOf('till', `till-${i}`)));
    const replies = await inParallel(20, 2_000, async (i) => {
      const key = callers[i % 20];
      const send = () => untilTold(() => spend(reference, 1 + (i % 7), `b${i}`, { Prefer: 'wait=0' }, key));
      return Promise.all([send(), send()]);
    });
    for (const [first, second] of replies) {
      expect(first).toMatchObject({ status: 200 });
      expect(second).toMatchObject({ status: 200, body: { usage: first.body.usage } });
    }
    const sequences = new Set(replies.map(([{ body }]) => body.usage?.sequence));
    expect(sequences.size).toBe(2_000);
    const movements = await recorded(reference, 2_001);
    expect(movements).toHaveLength(2_001);
    const spentMinor = replies.reduce((sum, _, i) => sum + 1 + (i % 7), 0);
    expect(movements.at(-1)?.balanceAfterMinor).toBe(1_000_000 - spentMinor);
    expect(await until(async () => (await runsOf(reference)) >= 4)).toBe(true);
  },
);

async function recorded(reference: string, revision: number): Promise<MovementRow[]> {
  await until(async () => {
    const [row] = await shop.sql<
      { revision: number }[]
    >`select revision from account_payments where reference = ${reference}`;
    return row?.revision === revision;
  });
  return movementsOf(reference);
}
