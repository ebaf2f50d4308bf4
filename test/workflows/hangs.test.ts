import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import type { SaleView } from '../../domain/sale/sale.js';
import { startPostgres } from '../../scripts/servers/postgres.js';
import { freePort } from '../../scripts/servers/ports.js';
import { signalPostgres } from '../support/hang.js';
import { addNamespace, openShop, until } from '../support/shop.js';

/** More than a worker has activities at once, unless it bounds those that wait for Postgres. */
const PAYMENTS = 120;
/** However slow the machine is: whoever waited for Postgres would wait for ever, for the test lets it go on last. */
const NORMAL_MS = 60_000;

test('a Postgres that hangs stops no sale, however many records wait for it', { timeout: 300_000 }, async () => {
  const folder = join(inject('folder'), `hang-${randomUUID()}`);
  const postgres = await startPostgres({ folder, port: await freePort() });
  const shop = await openShop({
    postgresUrl: postgres.url,
    namespace: await addNamespace(),
    patience: 'ample_without_books',
  });
  const inTime = async <T>(ask: () => Promise<T>): Promise<T> => {
    const startedAt = Date.now();
    const answer = await ask();
    expect(Date.now() - startedAt).toBeLessThan(NORMAL_MS);
    return answer;
  };
  const apply = (reference: string, saleId: string, prefer?: string) =>
    shop.post<{ recorded: boolean }>(
      `/account-payments/${reference}/apply`,
      { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId },
      { headers: prefer === undefined ? {} : { Prefer: prefer } },
    );
  /** On a slow hour a till hears that the outcome is unknown, and asks again under the same key. */
  const post = <Body>(path: string, body: object) => {
    const idempotencyKey = randomUUID();
    return inTime(() =>
      until(async () => {
        const reply = await shop.post<Body>(path, body, { idempotencyKey });
        return reply.status !== 504 && reply;
      }),
    );
  };
  const basket = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 1_000 }] };
  const partsOf = (references: string[]) => references.map((reference) => ({ reference, amountMinor: 100 }));
  const goesOn = { status: 200, body: { recorded: false } };
  try {
    const references: string[] = [];
    while (references.length < PAYMENTS) {
      const issued = await Promise.all(Array.from({ length: 20 }, () => shop.issue()));
      // A payment takes commands once its issue is recorded.
      await Promise.all(issued.map(({ reference }) => apply(reference, `HANG-before-${reference}`)));
      references.push(...issued.map(({ reference }) => reference));
    }
    const [a = '', b = '', c = ''] = references;

    signalPostgres(postgres, 'SIGSTOP');
    for (let i = 0; i < PAYMENTS; i += 20) {
      const some = references.slice(i, i + 20);
      const applied = await Promise.all(some.map((reference) => apply(reference, `HANG-${reference}`, 'wait=0')));
      for (const reply of applied) expect(reply).toMatchObject(goesOn);
    }
    for (const saleId of ['HANG-1', 'HANG-2']) {
      expect(await inTime(() => apply(a, saleId))).toMatchObject(goesOn);
      const refund = { customerId: 'C-1', amountMinor: 1, currency: 'EUR', saleId };
      expect(await post(`/account-payments/${a}/refund`, refund)).toMatchObject(goesOn);
      const settled = await post(`/sales/${saleId}-settled/settle`, { ...basket, payments: partsOf([a, b, c]) });
      expect(settled).toMatchObject({ status: 200, body: { recorded: false, sale: { takenMinor: 300 } } });
      const held = { ...basket, payments: partsOf([b, c]) };
      const hold = await post<{ sale: SaleView }>(`/sales/${saleId}-held/hold`, held);
      expect(hold).toMatchObject(goesOn);
      const { holdId } = hold.body.sale;
      expect(await post(`/sales/${saleId}-held/capture`, { holdId })).toMatchObject(goesOn);
      expect(await inTime(() => shop.get(`/account-payments/${a}`))).toMatchObject({ body: { source: 'actor' } });
      expect(await inTime(() => shop.get('/account-payments'))).toMatchObject({ status: 503 });
    }
    expect(await post('/sales/HANG-1-settled/return', { currency: 'EUR' })).toMatchObject({
      status: 200,
      body: { return: { amountMinor: 300 } },
    });

    signalPostgres(postgres, 'SIGCONT');
    expect(await until(async () => (await apply(a, 'HANG-after')).body.recorded)).toBe(true);
    const applied = () => shop.sql`select 1 from movements where kind = 'applied'`;
    await until(async () => (await applied()).length >= 2 * PAYMENTS + 2 + 6 + 4 + 1);
    await until(async () => (await shop.sql`select 1 from sale_commands`).length === 7);
    for (const reference of references) {
      const told = await shop.get<AccountPaymentView>(`/account-payments/${reference}`);
      await until(async () => {
        const [row] = await shop.sql<{ revision: number; balanceMinor: number }[]>`
          select revision, balance_minor from account_payments where reference = ${reference}`;
        return row?.revision === told.body.revision && row.balanceMinor === told.body.balanceMinor;
      });
    }
  } finally {
    signalPostgres(postgres, 'SIGCONT');
    await shop.close();
    await postgres.stop();
  }
});
