import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findDifferences } from '../activities/reconciliation/reconcile.js';
import { makeKey } from '../api/http/keys.js';
import type { AccountPaymentView, MovementKind } from '../domain/payment/payment.js';
import type { ReturnView, SaleView } from '../domain/sale/sale.js';
import { sha256 } from '../domain/sha256.js';
import { addKey } from '../scripts/adminKey.js';
import { inParallel } from '../activities/inParallel.js';
import { ofOwnServers, startOwnServers, type OwnServers } from './support/ownServers.js';
import { addShop, until } from './support/shop.js';

/**
 * A year of two shops, in little: its days are fractions of a second, so payments run out by their own timers, and each
 * month one of the servers is killed and comes back in the middle of everything.
 */
const MONTHS = 6;
const ACTIONS_A_MONTH = 90;
const TILLS = 10;
const CUSTOMERS = 12;
const SALES = 6;

let servers: OwnServers;
const tills: { caller: string; key: string; shopId: string }[] = [];
beforeAll(async () => {
  servers = await startOwnServers();
  for (const caller of ['till-1', 'till-2']) {
    const [key, shopId] = [makeKey(), await addShop(servers.sql)];
    await addKey(servers.sql, key, caller, 'admin', { shopId });
    tills.push({ caller, key, shopId });
  }
});
afterAll(() => servers.close());

type Reply = {
  status: number;
  body: {
    code?: string;
    payment?: AccountPaymentView;
    usage?: { amountMinor: number } | null;
    movement?: { amountMinor: number } | null;
    sale?: SaleView;
    return?: ReturnView;
    gift?: { toReference: string };
    items?: AccountPaymentView[];
  };
};

const index = fc.nat();
const amountMinor = fc.integer({ min: 1, max: 400 });
const sale = fc.integer({ min: 0, max: SALES - 1 });
const issues = fc.record({
  verb: fc.constant('issue' as const),
  customer: fc.integer({ min: 0, max: CUSTOMERS - 1 }),
  amountMinor: fc.integer({ min: 1, max: 1_000 }),
  currency: fc.constantFrom('EUR', 'USD', 'JPY'),
  productId: fc.option(fc.constant('bike'), { freq: 2 }),
  funding: fc.constantFrom('paid', 'return', 'goodwill'),
  lifetimeMs: fc.option(fc.integer({ min: 2_000, max: 40_000 })),
});
const actions = fc.oneof(
  { weight: 4, arbitrary: issues },
  fc.record({ verb: fc.constantFrom('apply' as const, 'refund' as const), payment: index, sale, amountMinor }),
  fc.record({ verb: fc.constantFrom('settle' as const, 'capture' as const), payment: index, sale, amountMinor }),
  fc.record({ verb: fc.constant('release' as const), payment: index, sale, amountMinor }),
  fc.record({
    verb: fc.constant('return' as const),
    payment: index,
    sale,
    amountMinor: fc.option(amountMinor),
    keptMinor: fc.option(fc.integer({ min: 1, max: 20 }), { freq: 1 }),
  }),
  fc.record({ verb: fc.constantFrom('give' as const, 'pay-out' as const), payment: index, amountMinor }),
  fc.record({
    verb: fc.constantFrom(
      'expire' as const,
      'freeze' as const,
      'thaw' as const,
      'extend' as const,
      'reinstate' as const,
    ),
    payment: index,
  }),
  fc.record({
    verb: fc.constant('cancel' as const),
    payment: index,
    disposition: fc.constantFrom('paid_out', 'forfeited', 'issued_in_error'),
  }),
);
type Action = typeof actions extends fc.Arbitrary<infer Each> ? Each : never;

/** What was answered, by currency: money that moved, as the tills were told. */
const told = new Map<string, number>();
function move(currency: string, kind: MovementKind, amount: number): void {
  const at = `${currency} ${kind}`;
  told.set(at, (told.get(at) ?? 0) + amount);
}
const payments: AccountPaymentView[] = [];
const sent: { reference: string; commandId: string }[] = [];
let accepted = 0;

/** Asked under one key until there is an answer, whatever is away meanwhile. */
async function ask(path: string, body: object, till = tills[0]): Promise<Reply> {
  if (!till) throw new Error('no till');
  const key = randomUUID();
  const headers = { Authorization: `Bearer ${till.key}`, 'Content-Type': 'application/json', 'Idempotency-Key': key };
  const options = { method: 'POST', headers, body: JSON.stringify(body) };
  const reply = await until(async () => {
    const response = await fetch(`${servers.origin}${path}`, options).catch(() => undefined);
    const answer = (await response?.json().catch(() => undefined)) as Reply['body'] | undefined;
    if (!response || !answer) return false;
    expect(response.status, JSON.stringify(answer)).not.toBe(500);
    return response.status < 500 && response.status !== 429 && { status: response.status, body: answer };
  });
  const [, reference, call] = /^\/account-payments\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const isRemembered = reply.status < 400 || reply.status === 409;
  if (reference !== undefined && call !== 'reinstate' && isRemembered)
    sent.push({ reference, commandId: sha256(`${till.shopId}\n${till.caller}\n${key}`) });
  if (reply.status < 300) accepted += 1;
  return reply;
}

async function act(action: Action, i: number): Promise<void> {
  const till = tills[i % tills.length];
  if (action.verb === 'issue') return issue(action, till);
  const payment = payments[action.payment % Math.max(1, payments.length)];
  if (!payment) return;
  const { reference, customerId, currency } = payment;
  const at = `/account-payments/${reference}/${action.verb}`;
  const reason = 'as it happens';
  switch (action.verb) {
    case 'apply':
    case 'refund': {
      const body = {
        customerId,
        currency,
        amountMinor: action.amountMinor,
        saleId: saleOf(action.sale, payment),
        lines,
      };
      const reply = await ask(at, action.verb === 'apply' ? body : { ...body, lines: undefined }, till);
      if (reply.body.usage)
        move(currency, action.verb === 'apply' ? 'applied' : 'refunded', -reply.body.usage.amountMinor);
      return;
    }
    case 'settle':
    case 'capture':
    case 'release':
      return sell(action, payment, till);
    case 'return':
      return giveBack(action, payment, till);
    case 'give': {
      const toCustomerId = customerId === 'C-0' ? 'C-1' : 'C-0';
      const gift = { reference, customerId, toCustomerId, amountMinor: action.amountMinor, currency };
      const reply = await ask('/gifts', gift, till);
      if (!reply.body.gift) return;
      move(currency, 'gifted', -action.amountMinor);
      move(currency, 'issued', action.amountMinor);
      payments.push({ ...payment, reference: reply.body.gift.toReference, customerId: toCustomerId });
      return;
    }
    case 'pay-out': {
      const reply = await ask(
        at,
        { customerId, amountMinor: action.amountMinor, currency, tender: 'cash', reason },
        till,
      );
      if (reply.body.movement) move(currency, 'paid_out', reply.body.movement.amountMinor);
      return;
    }
    case 'cancel': {
      const { disposition } = action;
      const tender = disposition === 'paid_out' ? { tender: 'cash' } : {};
      const reply = await ask(at, { customerId, disposition, ...tender, reason }, till);
      if (reply.body.movement) move(currency, 'cancelled', reply.body.movement.amountMinor);
      return;
    }
    case 'extend':
      return void (await ask(at, { customerId, expiresAt: null, reason }, till));
    case 'expire':
    case 'freeze':
    case 'thaw':
      return void (await ask(at, { reason }, till));
    case 'reinstate': {
      const reply = await ask(at, { customerId, reason }, till);
      if (reply.status === 201 && reply.body.payment) issued(reply.body.payment);
      return;
    }
  }
}

const lines = [{ productId: 'bike', amountMinor: 100_000 }];
/** Of one customer and one currency; in each of the shops it is another one. */
const saleOf = (number: number, { currency, customerId }: AccountPaymentView) =>
  `S-${number}-${currency}-${customerId}`;

async function issue(action: Extract<Action, { verb: 'issue' }>, till = tills[0]): Promise<void> {
  const { customer, amountMinor, currency, productId, funding, lifetimeMs } = action;
  const scope = productId === null ? { type: 'generic' } : { type: 'product_specific', productId };
  const expiresAt = lifetimeMs === null ? null : new Date(Date.now() + lifetimeMs).toISOString();
  const body = { customerId: `C-${customer}`, ...scope, purpose: 'deposit', funding, amountMinor, currency, expiresAt };
  const reply = await ask('/account-payments', body, till);
  if (reply.body.payment && reply.status === 201) issued(reply.body.payment);
}

function issued(payment: AccountPaymentView): void {
  payments.push(payment);
  move(payment.currency, 'issued', payment.amountMinor);
}

async function sell(
  { verb, sale, amountMinor }: Extract<Action, { verb: 'settle' | 'capture' | 'release' }>,
  payment: AccountPaymentView,
  till = tills[0],
): Promise<void> {
  const { reference, customerId, currency } = payment;
  const other = payments.find((each) => each.customerId === customerId && each.currency === currency);
  const references = [...new Set([reference, ...(other ? [other.reference] : [])])];
  const shares = references.map((each) => ({ reference: each, amountMinor }));
  const saleId = saleOf(sale, payment);
  const basket = { customerId, currency, lines, payments: shares };
  const totalMinor = amountMinor * shares.length;
  if (verb === 'settle') {
    const reply = await ask(`/sales/${saleId}/settle`, basket, till);
    if (reply.status === 200) move(currency, 'applied', -totalMinor);
    return;
  }
  const held = await ask(`/sales/${saleId}/hold`, { ...basket, lifetimeMs: 600_000 }, till);
  const holdId = held.body.sale?.holdId;
  if (held.status !== 200 || holdId === undefined) return;
  const reply = await ask(`/sales/${saleId}/${verb}`, { holdId }, till);
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  if (verb === 'capture') move(currency, 'applied', -totalMinor);
}

async function giveBack(
  { sale, amountMinor, keptMinor }: Extract<Action, { verb: 'return' }>,
  payment: AccountPaymentView,
  till = tills[0],
): Promise<void> {
  const { currency } = payment;
  const wish = { currency, amountMinor: amountMinor ?? undefined, keptMinor: keptMinor ?? undefined };
  returned(currency, await ask(`/sales/${saleOf(sale, payment)}/return`, wish, till));
}

function returned(currency: string, { body }: Reply): void {
  for (const { amountMinor, replacement } of body.return?.returned ?? [])
    move(currency, replacement === null ? 'refunded' : 'issued', amountMinor);
}

test(
  'a year of two shops ends with books that add up, and that say what the tills were told',
  { timeout: 600_000 },
  async () => {
    const seed = Date.now() % 2 ** 31;
    const drawn = fc.sample(actions, { numRuns: MONTHS * ACTIONS_A_MONTH, seed });
    for (let month = 0; month < MONTHS; month++) {
      const days = drawn.slice(month * ACTIONS_A_MONTH, (month + 1) * ACTIONS_A_MONTH);
      // In the middle of the month: what is under way then goes on.
      const lived = inParallel(TILLS, days.length, async (i) => {
        const action = days[i];
        if (!action) return;
        await act(action, i).catch((cause: unknown) => {
          throw new Error(`seed ${seed}, month ${month}, action ${i}: ${JSON.stringify(action)}`, { cause });
        });
      });
      const which = ofOwnServers[month % ofOwnServers.length] ?? 'worker';
      await Promise.all([lived, servers.restart(which)]);
    }
    expect(payments.length).toBeGreaterThan(100);
    expect(accepted).toBeGreaterThan(150);
    await everythingGoesBack();
    await booksAreAtRest();
    await assertMoneyAddsUp();
    await assertBooksEqualActors();
    await assertEveryCommandIsKept();
    await assertNothingDiffers();
  },
);

/** What sales still have is given back, exactly that, and then nothing more. */
async function everythingGoesBack(): Promise<void> {
  await booksAreAtRest();
  const known = await soldInBooks();
  await inParallel(TILLS, known.length, async (i) => {
    const one = known[i];
    if (!one) return;
    const { saleShopId, saleId, currency } = one;
    const leftMinor = await leftOf(one);
    const reply = await ask(`/sales/${saleId}/return`, { currency, saleShopId });
    expect(reply.body.return?.amountMinor ?? 0, `${saleShopId}/${saleId}`).toBe(leftMinor);
    returned(currency, reply);
    const again = await ask(`/sales/${saleId}/return`, { currency, saleShopId });
    expect(again.status, JSON.stringify(again.body)).toBe(409);
  });
}

type Sold = { saleShopId: string; saleId: string; currency: string };

const soldInBooks = () =>
  servers.sql<Sold[]>`
    select distinct m.sale_shop_id, m.sale_id, p.currency
      from movements m join account_payments p using (reference) where m.kind = 'applied'`;

/** Taken, less what went back or was kept; of what was issued in error nothing goes back. */
async function leftOf({ saleShopId, saleId }: Sold): Promise<number> {
  const ofSale = servers.sql`(sale_shop_id, sale_id) = (${saleShopId}, ${saleId})`;
  const [row] = await servers.sql<{ left: number }[]>`
    with erred as (
      select reference from commands
       where kind = 'cancel' and outcome = 'accepted' and details ->> 'disposition' = 'issued_in_error'),
    parts as (
      select reference, -amount_minor as amount from movements where ${ofSale} and kind in ('applied', 'refunded')
      union all select counterpart, -amount_minor from movements where ${ofSale} and kind = 'issued'
      union all select reference, -kept_minor from commands where ${ofSale} and outcome = 'accepted'
      union all select replaces, -kept_minor from issue_reservations where ${ofSale}
      union all select reference, -kept_minor from kept_fees where ${ofSale})
    select coalesce(sum(amount), 0)::bigint as left from parts
     where reference not in (select reference from erred)`;
  return row?.left ?? 0;
}

/** Nothing waits to be recorded any more. */
async function booksAreAtRest(): Promise<void> {
  await until(async () => {
    const rows = await servers.sql<AccountPaymentView[]>`select reference, revision from account_payments`;
    const open = await inParallel(TILLS, rows.length, async (i) => {
      const row = rows[i];
      const live = row && (await read(row.reference));
      return !live || live.source === 'records' || live.revision === row.revision;
    });
    return open.every((isSo) => isSo);
  });
}

async function read(reference: string): Promise<(AccountPaymentView & { source: string }) | undefined> {
  const headers = { Authorization: `Bearer ${tills[0]?.key}` };
  const response = await fetch(`${servers.origin}/account-payments/${reference}`, { headers });
  return response.status === 200 ? ((await response.json()) as AccountPaymentView & { source: string }) : undefined;
}

/** Money in is money out and balances, by currency; and each kind comes to what the tills were told. */
async function assertMoneyAddsUp(): Promise<void> {
  const moved = await servers.sql<{ at: string; amount: number }[]>`
    select p.currency || ' ' || m.kind as at, sum(m.amount_minor)::bigint as amount
      from movements m join account_payments p using (reference)
     where m.kind <> 'expired' group by 1 order by 1`;
  const answered = [...told].map(([at, amount]) => ({ at, amount })).filter(({ amount }) => amount !== 0);
  expect([...moved]).toEqual(answered.sort((a, b) => (a.at < b.at ? -1 : 1)));
  const off = await servers.sql`
    select p.currency, sum(m.amount_minor) as moved from movements m join account_payments p using (reference)
     group by p.currency
    having sum(m.amount_minor) <> (select sum(balance_minor) from account_payments o where o.currency = p.currency)`;
  expect([...off]).toEqual([]);
}

async function assertBooksEqualActors(): Promise<void> {
  const rows = await servers.sql<{ reference: string }[]>`select reference from account_payments`;
  expect(rows.length).toBeGreaterThanOrEqual(payments.length);
  await inParallel(TILLS, rows.length, async (i) => {
    const reference = rows[i]?.reference ?? '';
    // One that runs out in between is looked at once more.
    const [row, live] = await until(async () => {
      const [booked] = await servers.sql<AccountPaymentView[]>`
        select revision, balance_minor, held_minor, status, expires_at, frozen_causes from account_payments
         where reference = ${reference}`;
      const actor = await read(reference);
      return actor?.revision === booked?.revision && ([booked, actor] as const);
    });
    expect(live, reference).toMatchObject(row ?? {});
  });
}

/** As the nightly comparison looks: every row of the books against every workflow's history. */
async function assertNothingDiffers(): Promise<void> {
  const connection = await Connection.connect({ address: servers.address });
  const parts = {
    client: new Client({ connection }),
    sql: servers.sql,
    lookedAtAgainAfterMs: 1_000,
    pageAtMostEveryMs: 0,
  };
  const { compared, found } = await findDifferences(parts, { scope: 'all' });
  await connection.close();
  expect(found).toEqual([]);
  expect(compared.length).toBeGreaterThanOrEqual(payments.length);
}

/** Every command that was answered stands in the books, with who, where and by which rules. */
async function assertEveryCommandIsKept(): Promise<void> {
  expect(sent.length).toBeGreaterThan(100);
  const missing = await servers.sql`
    select a.reference, a.command_id
      from unnest(${sent.map((each) => each.reference)}::text[], ${sent.map((each) => each.commandId)}::text[])
             as a (reference, command_id)
      left join commands c using (reference, command_id)
      left join request_keys k on k.request_id = a.command_id and k.outcome_code is not null
     where c.details is null and k.request_id is null`;
  expect([...missing]).toEqual([]);
}
