import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { disconnect, type Sql } from '../../../db/connect.js';
import { apply, DAY_MS, freeze, hold, payOut } from '../../domain/payment/build.js';
import { createDatabase } from '../../support/database.js';
import { at, openShops, payment } from './books.js';
import { openedRowsOf } from './opens.js';

let sql: Sql;
/** When finance closed January: what was recorded later, of January too, was not known then. */
let closedAt: string;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
  const deposit = await payment(sql, '2026-01-10T10:00:00Z', { amountMinor: 10_000 })
    .does('2026-01-20T10:00:00Z', apply('a', 1_000), hold('h', 2_000, { saleId: 'H', lifetimeMs: 90 * DAY_MS }))
    .record();
  const goodwill = await payment(sql, '2026-01-11T10:00:00Z', {
    ...at('hamburg'),
    amountMinor: 3_000,
    customerId: 'D',
    funding: { kind: 'goodwill' },
  }).record();
  await payment(sql, '2026-01-12T10:00:00Z', { ...at('newyork'), currency: 'KWD', amountMinor: 1_234 }).record();
  const [now] = await sql<{ now: string }[]>`select clock_timestamp() as now`;
  closedAt = now?.now ?? '';
  // Times of the books have microseconds, and this one may not lie before what it is to come after.
  await sql`select pg_sleep(0.002)`;
  await deposit.does('2026-01-31T22:59:59.999Z', payOut('p', 500)).record();
  await goodwill.does('2026-01-31T12:00:00Z', freeze('f')).record();
  await deposit.does('2026-01-31T23:00:00Z', apply('b', 700)).record();
});
afterAll(() => disconnect(sql));

const short = (row: Record<string, unknown>) =>
  Object.values(row)
    .filter((value) => value !== '')
    .join(' ');

test('what is owed at an instant, which is in it', async () => {
  const read = async (as_of: string, params: object = {}) =>
    (await openedRowsOf(sql, 'outstanding_liability', { as_of, ...params })).map(short);
  // entity, currency, balance, held, frozen, payments, customers
  expect(await read('2026-01-31T22:59:59.999Z')).toEqual([
    'Nord GmbH EUR 11500 2000 3000 2 2',
    'West Inc KWD 1234 0 0 1 1',
  ]);
  expect(await read('2026-01-31T22:59:59.998Z')).toEqual([
    'Nord GmbH EUR 12000 2000 3000 2 2',
    'West Inc KWD 1234 0 0 1 1',
  ]);
  expect(await read('2026-02-01T00:00:00Z', { by: ['shop_id', 'source_funding'], legal_entity: 'Nord GmbH' })).toEqual([
    'berlin EUR paid 7800 2000 0 1 1',
    'hamburg EUR goodwill 3000 0 3000 1 1',
  ]);
  expect(await read('2026-01-09T00:00:00Z')).toEqual([]);
});

test('as it was known at another instant: what was recorded later does not change what was told then', async () => {
  const read = async (known_at: string) =>
    (await openedRowsOf(sql, 'outstanding_liability', { as_of: '2026-02-01T00:00:00Z', known_at })).map(short);
  expect(await read(closedAt)).toEqual(['Nord GmbH EUR 12000 2000 0 2 2', 'West Inc KWD 1234 0 0 1 1']);
  expect(await read('2026-01-01T00:00:00Z')).toEqual([]);
});

test('what each customer has', async () => {
  const rows = await openedRowsOf(sql, 'customer_balances', {
    as_of: '2026-02-01T00:00:00Z',
    legal_entity: 'Nord GmbH',
  });
  expect(rows.map(short)).toEqual([
    'Nord GmbH C EUR 7800 2000 0 0 1 2026-01-10T10:00:00.000Z',
    'Nord GmbH D EUR 3000 0 3000 3000 1 2026-01-11T10:00:00.000Z',
  ]);
});

test('the books beside the ledger, an account each, and all in one where the ledger has it so', async () => {
  const enter = (account: string, day: string, balanceMinor: number, legalEntity = 'Nord GmbH', currency = 'EUR') =>
    sql`insert into finance.ledger_balances ${sql({ legalEntity, account, currency, day, balanceMinor, enteredBy: 'fin' })}`;
  await enter('liability_paid', '2026-01-31', 8_400);
  await enter('liability_paid', '2026-01-31', 8_499);
  await enter('liability_paid', '2026-01-30', 1);
  await enter('liability', '2026-01-31', 1_234, 'West Inc', 'KWD');
  const rows = await openedRowsOf(sql, 'control', { as_of: '2026-01-31' });
  expect(rows.map(({ enteredAt: _, ...row }) => short(row))).toEqual([
    'Nord GmbH EUR liability_goodwill 3000   ',
    'Nord GmbH EUR liability_paid 8500 8499 -1 fin',
    'West Inc KWD liability 1234 1234 0 fin',
  ]);
  await expect(sql`update finance.ledger_balances set balance_minor = 0`).rejects.toThrow(/append-only/);
});
