import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { activityInfo } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import { type NativeConnection, Worker } from '@temporalio/worker';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createActivities } from '../../../activities/createActivities.js';
import type { MovementRow } from '../../../db/payment/movements.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { SaleRead } from '../../../domain/sale/read.js';
import type { ReturnView, SaleView } from '../../../domain/sale/sale.js';
import { inParallel } from '../../../activities/inParallel.js';
import { openShop, until, type Reply, type Shop } from '../../support/shop.js';
import { connectWorker } from '../../../worker/connect.js';

/** As many as fit into the time there is; on the slowest machine so many, or more, until calls of all kinds worked. */
const SCENARIOS = { least: 4, most: 14, withinMs: 70_000 };
const AT_ONCE = 3;
/** Of one activity: it is tried again ever more slowly, and what waits for it has no end but its own. */
const MOST_CRASHES = 4;
/** Some holds lapse before the next step comes, most do not. */
const HOLD_MS = 20_000;

let shop: Shop;
let native: NativeConnection;
let worker: Worker;
let done: Promise<void>;
let crashes = 0;
/** How often each call did what it was asked. */
const worked = {
  settle: 0,
  hold: 0,
  replace: 0,
  capture: 0,
  deliver: 0,
  release: 0,
  refund: 0,
  end: 0,
  apply: 0,
  giveBack: 0,
  terminate: 0,
  cut: 0,
};

/**
 * A worker that crashes between any two steps: at two of five activities it dies, before the work or, more often, after
 * it and before anybody hears, and at times between one payment and the next; and four workflows alone are kept in
 * memory, fewer than one sale has to do with, so that many tasks begin from their history. (With none or two kept, the
 * SDK's core drops tasks now and then, which then wait for their time limit: on a slow machine nothing gets done.)
 */
beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  native = await connectWorker({ address: inject('temporalAddress') });
  const crashing =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>, odds = 0.4) =>
    async (...args: Args): Promise<Result> => {
      const dice = activityInfo().attempt > MOST_CRASHES ? 0.5 : Math.random();
      if (dice < odds * 0.4) throw crash();
      const result = await work(...args);
      if (dice > 1 - odds * 0.6) throw crash();
      return result;
    };
  const client = new Client({ connection: native });
  /** One payment has been asked, or has not, when the activity that asks several of them ends. */
  const getHandle = ((...args: Parameters<typeof client.workflow.getHandle>) => {
    const handle = client.workflow.getHandle(...args);
    const executeUpdate = crashing(handle.executeUpdate.bind(handle), 0.1);
    return { ...handle, executeUpdate };
  }) as typeof client.workflow.getHandle;
  const workflow = Object.create(client.workflow, { getHandle: { value: getHandle } }) as typeof client.workflow;
  const asking = Object.create(client, { workflow: { value: workflow } }) as Client;
  const activities = createActivities({ sql: shop.sql, client: asking });
  worker = await Worker.create({
    ...{
      connection: native,
      taskQueue: shop.taskQueue,
      workflowBundle: { codePath: inject('bundlePath') },
      maxCachedWorkflows: 4,
    },
    activities: {
      ...activities,
      command: crashing((...args: Parameters<typeof activities.command>) => activities.command(...args)),
      begin: crashing((beginning: Parameters<typeof activities.begin>[0]) => activities.begin(beginning)),
      complete: crashing((completing: Parameters<typeof activities.complete>[0]) => activities.complete(completing)),
      recall: crashing((...args: Parameters<typeof activities.recall>) => activities.recall(...args)),
      recordSale: crashing((records: Parameters<typeof activities.recordSale>[0]) => activities.recordSale(records)),
      issue: crashing((issuing: Parameters<typeof activities.issue>[0]) => activities.issue(issuing)),
      record: crashing((batch: Parameters<typeof activities.record>[0]) => activities.record(batch)),
    },
  });
  done = worker.run();
});
afterAll(async () => {
  worker.shutdown();
  await done;
  await native.close();
  await shop.close();
});

function crash(): Error {
  crashes += 1;
  return new Error('the worker crashed here');
}

test('gifts too are given once, whole or not at all', async () => {
  const { reference } = await shop.issue({ customerId: 'G-1', amountMinor: 100 });
  const give = (amountMinor: number, key: string) =>
    until(async () => {
      const gift = { reference, customerId: 'G-1', toCustomerId: 'G-2', amountMinor, currency: 'EUR' };
      const reply = await shop.post<{ code?: string }>('/gifts', gift, {
        idempotencyKey: key,
        headers: { Prefer: 'wait=0' },
      });
      return reply.status < 500 && reply;
    });
  const replies = await Promise.all(
    [30, 30, 30, 30].flatMap((amountMinor, i) => [give(amountMinor, `g${i}`), give(amountMinor, `g${i}`)]),
  );
  expect(replies.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 201, 201, 409, 409]);
  await assertPayment(reference);
  const out = await shop.sql<
    { counterpart: string }[]
  >`select counterpart from movements where reference = ${reference} and kind = 'gifted'`;
  const given = await until(async () => {
    const rows = await shop.sql<
      { reference: string; amountMinor: number }[]
    >`select reference, amount_minor from account_payments where customer_id = 'G-2'`;
    return rows.length >= 3 && rows;
  });
  expect(given.map(({ amountMinor }) => amountMinor)).toEqual([30, 30, 30]);
  expect(out.map(({ counterpart }) => counterpart).sort()).toEqual(given.map((each) => each.reference).sort());
});

/** `cutAfterMs`: when somebody terminates the sale in the middle of it. */
type Step = { sale: 0 | 1; copies: number; cutAfterMs: number | null } & (
  | { verb: 'settle' | 'hold' | 'replace'; shares: number[] }
  | { verb: 'capture' | 'deliver'; part: number | null }
  | { verb: 'release' }
  | { verb: 'refund'; part: number | null; product: string | null; fee: number | null }
  /** At a payment itself, past the sale. */
  | { verb: 'apply' | 'giveBack'; payment: number; amountMinor: number }
  | { verb: 'terminate' }
  | { verb: 'end'; payment: number; how: 'expire' | 'cancel' }
);
type Scenario = {
  payments: { amountMinor: number; productId: string | null }[];
  lines: { productId: string; amountMinor: number }[];
  steps: Step[];
};

const amounts = fc.integer({ min: 1, max: 1_000 });
const parts = fc.option(fc.integer({ min: 1, max: 100 }));
/** Of all payments, or of one alone. */
const begins = fc.record({
  verb: fc.constantFrom<'settle' | 'hold'>('settle', 'hold'),
  shares: fc.oneof(
    { weight: 2, arbitrary: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 4, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }).map((one) => [one]) },
  ),
});
/** All of it, or a little of the first payment. */
const captures = fc.record({
  verb: fc.constant('capture' as const),
  part: fc.option(fc.integer({ min: 1, max: 20 }), { freq: 1 }),
});
const releases = fc.record({ verb: fc.constant('release' as const) });
/** The basket is edited, or a part is delivered and the rest waits. */
const edits = fc.array(
  fc.oneof(
    fc.record({
      verb: fc.constant('replace' as const),
      shares: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 4, maxLength: 4 }),
    }),
    fc.record({ verb: fc.constant('deliver' as const), part: fc.option(fc.integer({ min: 1, max: 20 })) }),
  ),
  { maxLength: 2 },
);
/** What tills do past the sale, and operators to it. */
const meddles = fc.oneof(
  fc.record({
    verb: fc.constantFrom<'apply' | 'giveBack'>('apply', 'giveBack'),
    payment: fc.integer({ min: 0, max: 3 }),
    amountMinor: fc.integer({ min: 1, max: 60 }),
  }),
  fc.record({ verb: fc.constant('terminate' as const) }),
);
const goesOn = fc.oneof(
  { weight: 1, arbitrary: begins },
  { weight: 1, arbitrary: captures },
  { weight: 4, arbitrary: meddles },
  {
    weight: 6,
    arbitrary: fc.record({
      verb: fc.constant('refund' as const),
      part: parts,
      product: fc.option(fc.constantFrom('bike', 'lock')),
      fee: fc.option(fc.integer({ min: 1, max: 20 }), { freq: 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      verb: fc.constant('end' as const),
      payment: fc.integer({ min: 0, max: 3 }),
      how: fc.constantFrom<'expire' | 'cancel'>('expire', 'cancel'),
    }),
  },
);
/** A sale's life: it begins, it is captured or let go or forgotten, and then whatever comes. */
const life = (sale: 0 | 1) =>
  fc
    .tuple(
      fc.option(meddles, { freq: 2 }),
      begins,
      edits,
      fc.option(meddles, { freq: 2 }),
      fc.oneof(
        { weight: 4, arbitrary: captures },
        { weight: 1, arbitrary: releases },
        { weight: 1, arbitrary: fc.constant(null) },
      ),
      fc.array(goesOn, { maxLength: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.option(fc.integer({ min: 0, max: 400 }), { freq: 1 }), { minLength: 11, maxLength: 11 }),
    )
    .map(([before, begin, between, meanwhile, close, more, copies, cuts]) =>
      [before, begin, ...between, meanwhile, close, ...more].flatMap((each, i): Step[] =>
        each ? [{ sale, copies, cutAfterMs: cuts[i] ?? null, ...each }] : [],
      ),
    );
const scenario: fc.Arbitrary<Scenario> = fc.record({
  payments: fc.array(fc.record({ amountMinor: amounts, productId: fc.option(fc.constant('bike')) }), {
    minLength: 2,
    maxLength: 4,
  }),
  lines: fc.tuple(fc.integer({ min: 300, max: 2_000 }), amounts).map(([bike, lock]) => [
    { productId: 'bike', amountMinor: bike },
    { productId: 'lock', amountMinor: lock },
  ]),
  steps: fc.tuple(life(0), life(1)).map(([one, other]) => [...one, ...other]),
});

const answered = <Body = { sale: SaleView }>(
  path: string,
  body: object,
  idempotencyKey: string,
): Promise<Reply<Body>> => {
  let last: Reply<Body> | undefined;
  return until(async () => {
    last = await shop.post<Body>(path, body, { idempotencyKey, headers: { Prefer: 'wait=0' } });
    expect(last.status, JSON.stringify(last.body)).not.toBe(500);
    return last.status < 500 && last.status !== 429 && last;
  }, 240_000).catch(async (cause: unknown) => {
    const waitsFor = await pendingOf(path.split('/')[2] ?? '').catch(String);
    throw new Error(`${path}: ${last?.status} ${JSON.stringify(last?.body)} waits for ${waitsFor}`, { cause });
  });
};

/** What the workflow of a sale or payment is at, for whoever has to find out why it does not answer. */
async function pendingOf(id: string): Promise<string> {
  const handle = id.startsWith('S-') ? shop.saleHandle(id) : shop.client.workflow.getHandle(id);
  const { raw, status } = await handle.describe();
  const { pendingActivities, pendingWorkflowTask } = raw;
  const { events } = await handle.fetchHistory();
  const last = events?.slice(-12).map(({ eventType }) => eventType);
  return JSON.stringify([status.name, pendingActivities, pendingWorkflowTask, last]);
}

test(
  'whatever is asked and wherever the worker crashes: nothing lost, nothing twice, nothing left held',
  { timeout: 600_000 },
  async () => {
    const seed = Date.now() % 2 ** 31;
    const drawn = fc.sample(scenario, { numRuns: SCENARIOS.most, seed });
    const begunAt = Date.now();
    let played = 0;
    await inParallel(AT_ONCE, SCENARIOS.most, async (i) => {
      const each = drawn[i];
      if (!each) throw new Error('not drawn');
      if (i >= SCENARIOS.least && Date.now() - begunAt > SCENARIOS.withinMs && hasDoneAll()) return;
      played += 1;
      await play(each).catch((cause: unknown) => {
        throw new Error(`seed ${seed}, scenario ${i}: ${JSON.stringify(each)}`, { cause });
      });
    });
    if (process.env['LOG']) console.log(seed, played, worked);
    expect(crashes).toBeGreaterThan(played);
    expect(hasDoneAll(), JSON.stringify(worked)).toBe(true);
  },
);

/** Whether something of each kind came about: a few scenarios may be refused from beginning to end. */
function hasDoneAll(): boolean {
  const { settle, hold, capture, refund, release, apply, giveBack, terminate } = worked;
  return settle + hold > 0 && capture + refund + release > 0 && apply + giveBack + terminate > 0;
}

async function play({ payments, lines, steps }: Scenario): Promise<void> {
  const customerId = `C-${randomUUID()}`;
  const references: string[] = [];
  for (const { amountMinor, productId } of payments) {
    const kind = productId === null ? { type: 'generic' } : { type: 'product_specific', productId };
    references.push((await shop.issue({ customerId, amountMinor, ...kind })).reference);
  }
  const sales = [`S-${randomUUID()}`, `S-${randomUUID()}`] as const;
  const perform = async (each: Step): Promise<void> => {
    if (each.verb === 'terminate') return terminate(sales[each.sale]);
    const holdId = await holdOf(sales[each.sale]);
    const request = requestOf(each, {
      holdId,
      payments,
      lines,
      references,
      customerId,
      saleId: sales[each.sale],
    });
    if (!request) return;
    const key = randomUUID();
    const cut = each.cutAfterMs === null ? undefined : cutOff(sales[each.sale], each.cutAfterMs);
    const replies = await Promise.all(
      Array.from({ length: each.copies }, () => answered(request.path, request.body, key)),
    );
    await cut;
    const [first] = replies;
    if (first?.status === 200) worked[each.verb] += 1;
    for (const reply of replies)
      expect([reply.status, (reply.body as { return?: unknown }).return]).toEqual([
        first?.status,
        (first?.body as { return?: unknown }).return,
      ]);
  };
  // Each sale in its own order, both at once, on the same payments.
  await Promise.all(
    ([0, 1] as const).map(async (sale) => {
      for (const each of steps.filter((one) => one.sale === sale)) await perform(each);
    }),
  );
  for (const saleId of sales) await assertSale(saleId);
  for (const saleId of sales) await assertAllGoesBack(saleId);
  for (const reference of references) await assertPayment(reference);
}

async function holdOf(saleId: string): Promise<string> {
  const { body } = await shop.get<{ sale?: SaleView }>(`/sales/${saleId}`);
  return body.sale?.holdId ?? 'none';
}

type Stage = {
  holdId: string;
  payments: Scenario['payments'];
  lines: Scenario['lines'];
  references: string[];
  customerId: string;
  saleId: string;
};

function requestOf(
  each: Step,
  { payments, lines: sold, references, customerId, saleId, holdId }: Stage,
): { path: string; body: object } | undefined {
  const share = (percent: number, i: number) => ({
    reference: references[i] ?? '',
    amountMinor: Math.floor(((payments[i]?.amountMinor ?? 0) * percent) / 100),
  });
  switch (each.verb) {
    case 'settle':
    case 'hold':
    case 'replace': {
      const shares = references
        .map((_, i) => share(each.shares[i] ?? 0, i))
        .filter(({ amountMinor }) => amountMinor > 0);
      return {
        path: `/sales/${saleId}/${each.verb === 'settle' ? 'settle' : 'hold'}`,
        body: {
          customerId,
          currency: 'EUR',
          lines: sold,
          payments: shares,
          ...(each.verb !== 'settle' && { lifetimeMs: HOLD_MS }),
          ...(each.verb === 'replace' && { replaces: holdId }),
        },
      };
    }
    case 'capture':
    case 'deliver': {
      const rest = { keepRest: true, heldUntil: new Date(Date.now() + 86_400_000).toISOString() };
      const less =
        each.part === null
          ? {}
          : { payments: [{ ...share(each.part, 0), amountMinor: Math.max(1, share(each.part, 0).amountMinor) }] };
      return { path: `/sales/${saleId}/capture`, body: { holdId, ...less, ...(each.verb === 'deliver' && rest) } };
    }
    case 'release':
      return { path: `/sales/${saleId}/release`, body: { holdId } };
    case 'refund': {
      const [line] = sold.filter(({ productId }) => productId === each.product);
      const amountMinor = each.part ?? undefined;
      const lines = line && [{ ...line, amountMinor: Math.min(line.amountMinor, 150) }];
      return {
        path: `/sales/${saleId}/return`,
        body: { currency: 'EUR', amountMinor, keptMinor: each.fee ?? undefined, lines },
      };
    }
    case 'terminate':
      return undefined;
    case 'apply':
    case 'giveBack': {
      const reference = references[each.payment];
      const body = { customerId, amountMinor: each.amountMinor, currency: 'EUR', saleId };
      if (reference === undefined) return undefined;
      return each.verb === 'apply'
        ? { path: `/account-payments/${reference}/apply`, body: { ...body, lines: sold } }
        : { path: `/account-payments/${reference}/refund`, body };
    }
    case 'end': {
      const reference = references[each.payment];
      const reason = each.how === 'cancel' ? { customerId, disposition: 'forfeited', reason: 'x' } : { reason: 'x' };
      return reference === undefined ? undefined : { path: `/account-payments/${reference}/${each.how}`, body: reason };
    }
  }
}

/** At a moment of its own choosing, whatever the sale is at. */
async function cutOff(saleId: string, afterMs: number): Promise<void> {
  await setTimeout(afterMs);
  await shop
    .saleHandle(saleId)
    .terminate('an operator')
    .then(
      () => (worked.cut += 1),
      () => undefined,
    );
}

/** Once the books have what the sale answered: what is answered and not written down yet goes with its workflow. */
async function terminate(saleId: string): Promise<void> {
  const handle = shop.saleHandle(saleId);
  const isWritten = async () => {
    const { raw } = await handle.describe();
    return raw.pendingActivities?.length === 0;
  };
  const known = await until(isWritten).catch(() => false);
  if (!known) return;
  await handle.terminate('an operator').then(
    () => (worked.terminate += 1),
    () => undefined,
  );
}

type Booked = { taken: number; kept: number };

/** What the books have of a sale: what its movements come to, the replacements' among them, and the fees it kept. */
async function bookedOf(saleId: string): Promise<Booked> {
  const [row] = await shop.sql<Booked[]>`
    select (select coalesce(-sum(amount_minor), 0) from movements where sale_id = ${saleId})::bigint as taken,
           ((select coalesce(sum(kept_minor), 0) from commands where sale_id = ${saleId} and outcome = 'accepted')
            + (select coalesce(sum(kept_minor), 0) from issue_reservations where sale_id = ${saleId})
            + (select coalesce(sum(kept_minor), 0) from kept_fees where sale_id = ${saleId}))::bigint as kept`;
  if (!row) throw new Error('no row');
  return row;
}

/** At rest, what its payments say of a sale is what the books have of it, and never below nothing. */
async function assertSale(saleId: string): Promise<void> {
  const sale = await until(async () => {
    const reply = await shop.get<{ sale: SaleRead }>(`/sales/${saleId}`);
    if (reply.status === 404) return 'none';
    if (reply.status !== 200) return false;
    const { status, holdId } = reply.body.sale;
    if (status === 'applied') return 'none';
    if (status === 'held') await answered(`/sales/${saleId}/release`, { holdId }, randomUUID());
    return ['completed', 'released', 'lapsed', 'refused'].includes(status) && reply.body.sale;
  });
  if (sale === 'none') return;
  expect(sale.heldMinor).toBe(0);
  const told = { taken: sale.takenMinor - sale.givenBackMinor, kept: sale.keptMinor };
  expect(told.taken - told.kept).toBeGreaterThanOrEqual(0);
  const isBooked = async () => JSON.stringify(await bookedOf(saleId)) === JSON.stringify(told);
  await until(isBooked).catch(async () => expect([saleId, await bookedOf(saleId)]).toEqual([saleId, told]));
}

/** "Everything" gives back exactly what is left, once. */
async function assertAllGoesBack(saleId: string): Promise<void> {
  const everything = (more: object = {}) =>
    answered<{ return?: ReturnView }>(`/sales/${saleId}/return`, { currency: 'EUR', ...more }, randomUUID());
  const leftMinor = (await everything({ preview: true })).body.return?.amountMinor ?? 0;
  const hasLeft = (expected: number) =>
    until(async () => {
      const { taken, kept } = await bookedOf(saleId);
      return taken - kept === expected;
    }).catch(async () => expect([saleId, await bookedOf(saleId)]).toEqual([saleId, expected]));
  await hasLeft(leftMinor);
  const first = await everything();
  if (leftMinor > 0) expect(first.body).toMatchObject({ return: { amountMinor: leftMinor, notReturned: [] } });
  expect([404, 409]).toContain((leftMinor > 0 ? await everything() : first).status);
  await hasLeft(0);
}

/** Within its bounds, nothing held, and the books say what the actor says, movement by movement. */
async function assertPayment(reference: string): Promise<void> {
  const live = await until(() => shop.actors.payment(reference).catch(() => undefined));
  const recorded = await until(async () => {
    const { body } = await shop.get<{ items: AccountPaymentView[] }>(`/account-payments?q=${reference}`);
    const [row] = body.items;
    return row && (live === 'no_actor' || row.revision >= live.revision) && row;
  });
  if (live !== 'no_actor') expect(recorded).toMatchObject(live);
  expect(recorded).toMatchObject({ heldMinor: 0 });
  expect(recorded.balanceMinor).toBeGreaterThanOrEqual(0);
  expect(recorded.balanceMinor).toBeLessThanOrEqual(recorded.amountMinor);
  const movements = await shop.sql<
    MovementRow[]
  >`select * from movements where reference = ${reference} order by sequence`;
  expect(movements.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(recorded.balanceMinor);
  expect(new Set(movements.map(({ commandId }) => commandId)).size).toBe(movements.length);
}
