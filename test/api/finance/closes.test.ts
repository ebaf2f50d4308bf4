import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WorkflowNotFoundError } from '@temporalio/client';
import { countUnrecordedDecisions } from '../../../activities/finance/unrecorded.js';
import type { Close } from '../../../db/finance/closes.js';
import { shutDays } from '../../../db/finance/closing.js';
import { verifyCloses } from '../../../db/finance/verifyCloses.js';
import { closeRefusals, closeWorkflowId, type Head } from '../../../domain/finance/closing.js';
import { createCalendar } from '../../../domain/instants.js';
import { keptHeads } from '../../../scripts/finance/keptHeads.js';
import { closeDaysSchedule } from '../../../scripts/schedules.js';
import type { Activities } from '../../../workflows/activities.js';
import { payment } from '../../db/finance/books.js';
import { found } from '../../db/finance/tampered.js';
import { addShop, openShop, until, type Shop } from '../../support/shop.js';

/** A month closed over the API, by its workflow, while decisions wait in their payments. */

let shop: Shop;
let shopId: string;
let key: string;
const aDeposit = { customerId: 'C-1', type: 'generic', purpose: 'deposit', amountMinor: 5_000, currency: 'EUR' };
/** The namespace is shared, and a close is named after its entity. */
const legalEntity = `Nord & Söhne ${randomUUID().slice(0, 8)}`;
let recorder: Promise<void> | undefined;
const around = (activities: Activities): Activities => ({
  ...activities,
  async record(batch) {
    await recorder;
    return activities.record(batch);
  },
});
beforeAll(async () => {
  shop = await openShop({ around });
  shopId = await addShop(shop.sql, { legalEntity });
  key = await shop.keyOf('manager', 'manager-1', shopId);
  const by = { by: { caller: 'till-1', shopId } };
  await payment(shop.sql, '2026-10-10T10:00:00Z', { ...by, funding: { kind: 'paid', tender: 'cash' } }).record();
});
afterAll(() => shop.close());

type Told = { close: Close; code: string };
const close = (month: string, options: Parameters<Shop['post']>[2] = { key: shop.keys.finance }) =>
  shop.post<Told>('/closes', { legalEntity, month }, options);

test('a close tells what waited, keeps its head with Temporal, and is told again as it was', async () => {
  const issued = await shop.post<{ payment: { reference: string } }>('/account-payments', aDeposit, { key });
  const { reference } = issued.body.payment;
  let goOn: () => void = () => undefined;
  recorder = new Promise((resolve) => (goOn = resolve));
  const spend = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId: 'S-1' };
  for (const saleId of ['S-1', 'S-2']) {
    const headers = { Prefer: 'wait=0' };
    const spent = await shop.post(`/account-payments/${reference}/apply`, { ...spend, saleId }, { key, headers });
    expect(spent.status).toBe(200);
  }
  const idempotencyKey = randomUUID();
  const closed = await close('2026-10', { key: shop.keys.finance, idempotencyKey });
  expect(closed, JSON.stringify(closed.body)).toMatchObject({ status: 200 });
  expect(closed.body.close).toMatchObject({
    legalEntity,
    kind: 'month',
    firstDay: '2026-10-01',
    lastDay: '2026-10-31',
    closedBy: 'finance-1',
    unrecordedCount: 2,
    movementCount: 1,
    totals: [{ currency: 'EUR', openingMinor: 0, closingMinor: 10_000, perpetualReceivedMinor: 10_000 }],
  });
  const counting = countUnrecordedDecisions(shop, shop.taskQueue, AbortSignal.abort(new Error('nobody waits')));
  await expect(counting).rejects.toThrow('nobody waits');
  const kept = await shop.client.workflow.getHandle(closeWorkflowId({ legalEntity, month: '2026-10' })).describe();
  expect(kept.memo).toMatchObject({ head: closed.body.close.head });
  expect((await close('2026-10', { key: shop.keys.finance, idempotencyKey })).body).toEqual(closed.body);
  expect((await close('2026-10')).body).toEqual(closed.body);

  // Today closes while they wait still: they are booked tomorrow.
  const today = createCalendar('Europe/Berlin').dayAt(Date.now());
  await shutDays(shop.sql, legalEntity, shopId, today);
  goOn();
  await until(async () => (await lateOf(reference)).length === 2);
  expect((await lateOf(reference)).every(({ day }) => day > today)).toBe(true);
});

const lateOf = (reference: string) =>
  shop.sql<{ day: string }[]>`
    select day::text as day from finance.entries where reference = ${reference} and booked_late`;

test('days close by a schedule, and their heads are with Temporal', async () => {
  // The namespace is shared, and a schedule's id is.
  const scheduleId = `close-days ${shop.taskQueue}`;
  const schedule = await shop.client.schedule.create({ ...closeDaysSchedule(shop.taskQueue), scheduleId });
  await schedule.trigger();
  const [run] = await until(async () => {
    const { recentActions } = (await schedule.describe()).info;
    return recentActions.length > 0 && recentActions;
  });
  const ran = run?.action.workflow.workflowId ?? '';
  const result = (await shop.client.workflow.getHandle(ran).result()) as { closes: number; heads: object[] };
  await schedule.delete();
  expect(result.closes).toBeGreaterThan(20);
  const { body } = await shop.get<{ items: Close[] }>(`/closes?shopId=${shopId}`, { key: shop.keys.finance });
  const [newest] = body.items;
  expect(newest).toMatchObject({ kind: 'day', closedBy: 'clock', unrecordedCount: 0, shopId });
  expect(result.heads).toContainEqual({ legalEntity, position: newest?.position, head: newest?.head });
  expect(await found(shop.sql)).toEqual([]);
});

test('closes that were cut off are named by the heads that Temporal keeps', async () => {
  const kept = await until(async () => {
    const heads = await keptHeads(shop.client, shop.taskQueue);
    return heads.some((each) => each.legalEntity === legalEntity) && heads;
  });
  expect(await verifyCloses(shop.sql, { kept })).toEqual([]);
  const [last] = kept.filter((each) => each.legalEntity === legalEntity).sort((x, y) => y.position - x.position);
  const another = { ...last, head: 'made anew' } as Head;
  expect(await verifyCloses(shop.sql, { kept: [...kept, another] })).toEqual([
    { difference: 'close_missing', legalEntity, position: last?.position, reference: null, sequence: null },
  ]);
});

test('a close is turned down by name', async () => {
  expect(await close('2026-10', { key: shop.keys.till })).toMatchObject({ status: 403 });
  expect(await shop.request('POST', '/closes', { body: { legalEntity, month: '2026-10' } })).toMatchObject({
    status: 400,
    body: { code: 'idempotency_key_required' },
  });
  expect(await close('2026-13')).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
  expect(await close('2090-01')).toMatchObject({ status: 422, body: { code: 'month_not_over' } });
  // The books alone turn it down: nobody had to be asked what waits.
  const asked = shop.client.workflow.getHandle(closeWorkflowId({ legalEntity, month: '2090-01' }));
  await expect(asked.describe()).rejects.toThrow(WorkflowNotFoundError);
  expect(await close('2026-08')).toMatchObject({ status: 409, body: { code: 'nothing_to_close' } });
  const other = await shop.post('/closes', { legalEntity: 'Nobody', month: '2026-10' });
  expect(other).toMatchObject({
    status: 404,
    body: { code: 'entity_not_found', detail: closeRefusals.entity_not_found.sentence },
  });
});

test('an admin opens a month again, and says why', async () => {
  const wish = { legalEntity, month: '2026-10', reason: 'a till had been away' };
  const reopen = (as: string, body: object = wish, idempotencyKey: string = randomUUID()) =>
    shop.post<Told>('/closes/reopen', body, { key: as, idempotencyKey });
  expect(await reopen(shop.keys.finance)).toMatchObject({ status: 403 });
  expect(await reopen(shop.keys.admin, { legalEntity, month: '2026-10' })).toMatchObject({ status: 400 });
  expect(await reopen(shop.keys.admin, { ...wish, month: '2026-09' })).toMatchObject({
    body: { code: 'month_not_closed' },
  });
  const opened = await reopen(shop.keys.admin, wish, 'reopens');
  expect(opened.body.close).toMatchObject({ kind: 'reopening', reason: wish.reason, closedBy: 'admin-1' });
  expect((await reopen(shop.keys.admin, wish, 'reopens')).body).toEqual(opened.body);
  expect(await reopen(shop.keys.admin)).toMatchObject({ body: { code: 'month_not_closed' } });
  const another = { ...wish, reason: 'another' };
  expect(await reopen(shop.keys.admin, another, 'reopens')).toMatchObject({ body: { code: 'command_id_reused' } });
  const closing = { key: shop.keys.finance, idempotencyKey: 'closes-again' };
  const again = await close('2026-10', closing);
  expect(again.body.close.position).toBeGreaterThan(opened.body.close.position);
  expect((await reopen(shop.keys.admin, wish, 'reopens')).body).toEqual(opened.body);
  await reopen(shop.keys.admin);
  expect((await close('2026-10', closing)).body).toEqual(again.body);
  const { body } = await shop.get<{ items: Close[] }>(`/closes?${new URLSearchParams({ legalEntity }).toString()}`);
  expect(body.items.map(({ kind }) => kind)).toEqual(['reopening', 'month', 'reopening', 'month']);
  const seen: Close[] = [];
  for (let next: string | null = ''; next !== null;) {
    const cursor: { cursor?: string } = next === '' ? {} : { cursor: next };
    const query: string = new URLSearchParams({ legalEntity, limit: '3', ...cursor }).toString();
    const page: { body: { items: Close[]; next: string | null } } = await shop.get<{
      items: Close[];
      next: string | null;
    }>(`/closes?${query}`);
    seen.push(...page.body.items);
    next = page.body.next;
  }
  expect(seen).toEqual(body.items);
  expect(await found(shop.sql)).toEqual([]);
});
