import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Line } from '../../../domain/payment/command.js';
import type { Asked } from '../../../domain/sale/answers.js';
import type { Batch } from '../../../domain/payment/record.js';
import type { ReturnView, SaleView } from '../../../domain/sale/sale.js';
import { replacePayment } from '../../../activities/payment/issue.js';
import { createSlots } from '../../../db/slots.js';
import { openShop, until, type Shop } from '../../support/shop.js';

/** What the books do not hear of before it is opened. */
let gate: { of: (batch: Batch) => boolean; sales: 'held back' | 'told'; opened: Promise<void>; open: () => void };

/** What the payments were sent. */
const sent: { asked: readonly Asked[]; lines: readonly Line[] | undefined }[] = [];

let shop: Shop;
beforeAll(async () => {
  holdBack(() => false);
  shop = await openShop({
    around: (activities) => ({
      ...activities,
      record: async (batch) => {
        if (gate.of(batch)) await gate.opened;
        return activities.record(batch);
      },
      command: (asked, lines) => {
        sent.push({ asked, lines });
        return activities.command(asked, lines);
      },
      begin: (beginning) => {
        sent.push({ asked: beginning.asked, lines: beginning.command.lines });
        return activities.begin(beginning);
      },
      recordSale: async (records) => {
        if (gate.sales === 'held back') await gate.opened;
        return activities.recordSale(records);
      },
    }),
  });
});
afterEach(() => {
  gate.open();
  holdBack(() => false);
});
afterAll(() => shop.close());

function holdBack(of: (batch: Batch) => boolean, sales: (typeof gate)['sales'] = 'told'): void {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  gate = { of, sales, opened, open };
}

type Told = { return: ReturnView; sale: SaleView; code: string };
const newSale = () => `S-${randomUUID()}`;
const say = (saleId: string, verb: string, body: object) =>
  shop.post<Told>(
    `/sales/${saleId}/${verb}`,
    { customerId: 'C-1', ...body },
    { key: shop.keys.till, headers: { Prefer: 'wait=0' } },
  );
const settle = (saleId: string, reference: string) =>
  say(saleId, 'settle', {
    customerId: 'C-1',
    currency: 'EUR',
    lines: [{ productId: 'bike', amountMinor: 100 }],
    payments: [{ reference, amountMinor: 100 }],
  });
const giveBack = (saleId: string, more: object = {}) => say(saleId, 'return', { currency: 'EUR', ...more });
const issue = async (amountMinor: number) => (await shop.issue({ amountMinor })).reference;
const expire = (reference: string) => shop.post(`/account-payments/${reference}/expire`, { reason: 'agreed' });
const replacementsOf = (reference: string) => shop.sql<{ amountMinor: number; frozenCauses: string[] }[]>`
  select amount_minor, frozen_causes from account_payments where replaces = ${reference} order by amount_minor`;

test('a replacement that is not recorded yet counts for the next return, the sale workflow there or gone', async () => {
  const reference = await issue(300);
  const saleId = newSale();
  expect(await settle(saleId, reference)).toMatchObject({ status: 200 });
  expect(await expire(reference)).toMatchObject({ status: 200, body: { recorded: true } });
  holdBack(({ terms }) => terms.funding.kind === 'replacement');
  expect(await giveBack(saleId, { amountMinor: 40 })).toMatchObject({
    status: 200,
    body: { return: { amountMinor: 40 } },
  });
  await until(async () => (await shop.sql`select from sale_commands where sale_id = ${saleId}`).length === 2);
  await shop.saleHandle(saleId).terminate('an operator');
  expect(await giveBack(saleId)).toMatchObject({ status: 200, body: { return: { amountMinor: 60 } } });
  expect(await giveBack(saleId)).toMatchObject({ status: 409, body: { code: 'exceeds_refundable' } });
  expect(await replacementsOf(reference)).toEqual([]);
  gate.open();
  const recorded = await until(async () => {
    const rows = await replacementsOf(reference);
    return rows.length === 2 && rows;
  });
  expect(recorded).toEqual([
    { amountMinor: 40, frozenCauses: [] },
    { amountMinor: 60, frozenCauses: [] },
  ]);
});

test('nothing is replaced before the books know the end of what it replaces, and nobody is frozen for it', async () => {
  const reference = await issue(300);
  const saleId = newSale();
  expect(await settle(saleId, reference)).toMatchObject({ status: 200 });
  holdBack(({ terms, records }) => terms.reference === reference && records.some(({ kind }) => kind === 'expire'));
  await shop.post(`/account-payments/${reference}/expire`, { reason: 'agreed' }, { headers: { Prefer: 'wait=0' } });
  const told = giveBack(saleId);
  await until(async () => (await shop.sql`select from sale_plans where sale_id = ${saleId}`).length === 1);
  expect(await replacementsOf(reference)).toEqual([]);
  gate.open();
  expect([200, 504]).toContain((await told).status);
  const recorded = await until(async () => {
    const rows = await replacementsOf(reference);
    return rows.length === 1 && rows;
  });
  expect(recorded).toEqual([{ amountMinor: 100, frozenCauses: [] }]);
});

test('a sale that was charged and is in no book yet is not charged again when its workflow has gone', async () => {
  const reference = await issue(300);
  const saleId = newSale();
  holdBack(({ terms, records }) => terms.reference === reference && records[0]?.kind !== 'issue');
  const other = await shop.sql.reserve();
  await other`begin`;
  await other`lock table sale_commands in share mode`;
  expect(await settle(saleId, reference)).toMatchObject({ status: 200 });
  await shop.saleHandle(saleId).terminate('an operator');
  // Nobody brings it again, and what waits is ended by the server.
  await until(async () => (await shop.sql`select from pg_locks where not granted`).length === 0);
  await other`rollback`;
  other.release();
  expect(await shop.sql`select from sale_commands where sale_id = ${saleId}`).toEqual([]);
  expect(await settle(saleId, reference)).toMatchObject({ status: 409, body: { code: 'sale_exists' } });
  expect(await shop.actors.payment(reference)).toMatchObject({ balanceMinor: 200, heldMinor: 0 });
  gate.open();
  const movements = await until(async () => {
    const rows = await shop.sql`select amount_minor from movements where sale_id = ${saleId}`;
    return rows.length > 0 && rows;
  });
  expect(movements).toEqual([{ amountMinor: -100 }]);
});

test('a large basket that is edited again and again while the books are away neither stops its sale nor is lost', async () => {
  const [saleId, reference] = [newSale(), await issue(100)];
  const lines = Array.from({ length: 500 }, (_, i) => ({
    productId: `${i}`.padEnd(128, 'p'),
    amountMinor: 1,
    taxCode: 't'.repeat(32),
  }));
  holdBack(() => false, 'held back');
  let holdId: string | undefined;
  const statuses: number[] = [];
  for (let i = 0; i < 21; i++) {
    const basket = { customerId: 'C-1', currency: 'EUR', lines, payments: [{ reference, amountMinor: 100 - i }] };
    const reply = await say(saleId, 'hold', { ...basket, ...(holdId !== undefined && { replaces: holdId }) });
    if (reply.status === 200) holdId = reply.body.sale.holdId;
    statuses.push(reply.status);
  }
  expect([...new Set(statuses)]).toEqual([200, 429]);
  gate.open();
  expect(await say(saleId, 'release', { holdId })).toMatchObject({ status: 200 });
  const answered = statuses.filter((status) => status === 200).length + 1;
  await until(async () => {
    const rows = await shop.sql`select from sale_commands where sale_id = ${saleId}`;
    return rows.length === answered;
  });
});

test('the lines of a sale travel once, for the payments whose holds are gone too', async () => {
  const [saleId, one, two] = [newSale(), await issue(100), await issue(100)];
  const lines = [{ productId: 'bike', amountMinor: 200 }];
  const payments = [one, two].map((reference) => ({ reference, amountMinor: 100 }));
  const { body } = await say(saleId, 'hold', { customerId: 'C-1', currency: 'EUR', lines, payments });
  const holds = sent.at(-1)?.asked ?? [];
  for (const { reference, command } of holds)
    await shop.tell(reference, 'release', { commandId: randomUUID(), holdId: command.commandId });
  expect(await say(saleId, 'capture', { holdId: body.sale.holdId })).toMatchObject({
    status: 200,
    body: { sale: { takenMinor: 200, missingMinor: 0 } },
  });
  const applied = sent.find(({ asked }) =>
    asked.some(({ reference, command }) => reference === one && command.kind === 'apply'),
  );
  expect(applied?.lines).toEqual(lines);
  expect(applied?.asked).toHaveLength(2);
  expect(JSON.stringify(applied?.asked)).not.toContain('bike');
  await until(async () => {
    const rows = await shop.sql<{ lines: Line[] }[]>`
      select details -> 'lines' as lines from commands
       where reference = any(${[one, two]}) and kind = 'apply' and outcome = 'accepted'`;
    return rows.length === 2 && rows.every((row) => JSON.stringify(row.lines).includes('bike'));
  });
});

test('a replacement is frozen as its source was at its end, however late that was', async () => {
  const [saleId, reference] = [newSale(), await issue(150)];
  expect(await settle(saleId, reference)).toMatchObject({ status: 200 });
  // Somebody else decides about the same sale and payment meanwhile.
  const other = await shop.sql.reserve();
  await other`begin`;
  const subject = `replacing ${reference} ${shop.shopId} ${saleId}`;
  await other`select pg_advisory_xact_lock(hashtextextended(${subject}, 0))`;
  const id = randomUUID();
  const issuing = {
    commandId: id,
    by: { caller: 'till-1', shopId: shop.shopId },
    customerId: 'C-1',
    scope: { type: 'generic' },
    purpose: 'deposit',
    amountMinor: 100,
    currency: 'EUR',
    taxPoint: 'redemption',
    funding: {
      kind: 'replacement',
      source: 'paid',
      replaces: reference,
      origin: 'return',
      saleShopId: shop.shopId,
      saleId,
    },
  } as const;
  const replaced = replacePayment(
    { client: shop.client, sql: shop.sql, asking: createSlots(1) },
    { issuing, replaces: reference, sale: { saleShopId: shop.shopId, saleId }, keptMinor: 0 },
    shop.taskQueue,
  );
  await until(async () => {
    const waiting = await shop.sql`
      select from pg_locks where locktype = 'advisory' and not granted
                             and database = (select oid from pg_database where datname = current_database())`;
    return waiting.length > 0;
  });
  for (const [verb, body] of [
    ['freeze', { cause: 'staff', reason: 'suspicious' }],
    ['expire', { reason: 'agreed' }],
  ] as const)
    expect(await shop.post(`/account-payments/${reference}/${verb}`, body)).toMatchObject({ status: 200 });
  await other`commit`;
  other.release();
  await replaced;
  const [reserved] = await shop.sql<{ frozen: string[] }[]>`
    select issue -> 'frozen' as frozen from issue_reservations where command_id = ${id}`;
  expect(reserved?.frozen).toEqual(['staff']);
});
