import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { GiftRow } from '../../../db/gift/gifts.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import { restorePayment } from '../../../scripts/restorePayment.js';
import type { Activities } from '../../../workflows/activities.js';
import { beforeItEnds } from '../../support/beforeItEnds.js';
import { openShop, until, type Shop } from '../../support/shop.js';

type Told = { gift: GiftRow; code: string; payment: AccountPaymentView };
type Step = 'hold' | 'issue' | 'capture' | 'thaw' | 'cancel' | 'recordGift';
type When = 'before' | 'after';

let shop: Shop;
/** What happens at a step of a gift. */
let meanwhile: (step: Step, when: When) => Promise<unknown> = () => Promise.resolve();

/** Payments whose decisions do not reach the books. */
const unrecorded = new Set<string>();

beforeAll(async () => {
  shop = await openShop({ around });
});
afterAll(() => shop.close());
afterEach(() => (meanwhile = () => Promise.resolve()));

function around(activities: Activities): Activities {
  const at = async <Result>(step: string | undefined, work: () => Promise<Result>): Promise<Result> => {
    await meanwhile(step as Step, 'before');
    const result = await work();
    await meanwhile(step as Step, 'after');
    return result;
  };
  return {
    ...activities,
    command: (asked, lines) => at(asked[0]?.command.kind, () => activities.command(asked, lines)),
    issue: (issuing) => at('issue', () => activities.issue(issuing)),
    record: (batch) => {
      if (unrecorded.has(batch.terms.reference)) throw new Error('not recorded');
      return activities.record(batch);
    },
    recordGift: (...told) => at('recordGift', () => activities.recordGift(...told)),
  };
}

const give = (reference: string, idempotencyKey: string) =>
  shop.post<Told>(
    '/gifts',
    { reference, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 100, currency: 'EUR' },
    { idempotencyKey },
  );
const payment = async (reference: string) =>
  (await shop.get<AccountPaymentView>(`/account-payments/${reference}`)).body;
/** What the other customer got of this payment. */
const gotOf = (reference: string) =>
  shop.sql<{ reference: string; status: string; frozenCauses: string[] }[]>`
    select reference, status, frozen_causes from account_payments where given_from = ${reference}`;
const reinstate = (reference: string) =>
  shop.post<Told>(`/account-payments/${reference}/reinstate`, { customerId: 'C-2', reason: 'was in hospital' });

async function giftOf(reference: string) {
  const [gift] = await shop.sql<{ giftId: string }[]>`select gift_id from gifts where reference = ${reference}`;
  return shop.client.workflow.getHandle(`gift/${gift?.giftId}`);
}

/** A gift that waits is continued when its history has grown, which takes weeks, or a few messages as long as these. */
async function untilContinued(reference: string): Promise<void> {
  const gift = await giftOf(reference);
  const { runId } = await gift.describe();
  for (let i = 0; i < 5; i++) await gift.signal('long', 'x'.repeat(1_000_000));
  await until(async () => (await gift.describe()).runId !== runId);
}

/** Somebody lets go what a gift holds: there is nothing to capture, and what was issued is cancelled. */
async function releaseHoldOf(reference: string): Promise<void> {
  const held = async () =>
    (
      await shop.sql<{ commandId: string }[]>`
      select command_id from commands where reference = ${reference} and kind = 'hold'`
    )[0];
  const holdId = (await until(held)).commandId;
  await shop.tell(reference, 'release', { commandId: 'op-1', by: { caller: 'operator' }, holdId });
}

/** Ends the gift at its first step of this kind, once; before it, the step is not taken. */
function terminatedAt(reference: string, step: Step, when: When): typeof meanwhile {
  let standing: 'to come' | 'done' = 'to come';
  return async (...now) => {
    if (standing === 'done' || now[0] !== step || now[1] !== when) return;
    standing = 'done';
    await (await giftOf(reference)).terminate('an operator');
    if (when === 'before') throw new Error('cut off');
  };
}

/** Where a gift that has begun may be cut off. */
const begun = [
  ['hold', 'after'],
  ['issue', 'after'],
  ['capture', 'before'],
  ['capture', 'after'],
  ['thaw', 'before'],
  ['thaw', 'after'],
  ['recordGift', 'before'],
] as const;

test.each([['hold', 'before'], ...begun] as const)(
  'a gift that was terminated at its %s, %s it, goes on under its own key',
  async (step, when) => {
    const { reference } = await shop.issue();
    const key = randomUUID();
    meanwhile = terminatedAt(reference, step, when);
    expect(await give(reference, key)).toMatchObject({ status: 504, body: { code: 'outcome_unknown' } });
    const again = await give(reference, key);
    expect(again).toMatchObject({ status: 201, body: { gift: { status: 'completed' } } });
    expect(await payment(reference)).toMatchObject({ balanceMinor: 9_900, heldMinor: 0 });
    expect(await payment(again.body.gift.toReference ?? '')).toMatchObject({ availableMinor: 100, frozenCauses: [] });
    expect(await gotOf(reference)).toHaveLength(1);
  },
);

/** A gift that was terminated there, while the workflow of its payment went, and the books never heard of its hold. */
async function cutOffUnrecorded([step, when]: (typeof begun)[number]) {
  const { reference } = await shop.issue();
  await until(async () => (await shop.sql`select from commands where reference = ${reference}`).length === 1);
  const key = randomUUID();
  unrecorded.add(reference);
  meanwhile = terminatedAt(reference, step, when);
  expect(await give(reference, key)).toMatchObject({ status: 504, body: { code: 'outcome_unknown' } });
  await shop.client.workflow.getHandle(reference).terminate('by mistake');
  unrecorded.delete(reference);
  return { reference, key };
}

test('one whose hold is lost waits, once anything is issued for it, until its payment is there again', async () => {
  const [, ...issued] = begun;
  const cutOff: { reference: string; key: string }[] = [];
  for (const cut of issued) cutOff.push(await cutOffUnrecorded(cut));
  const outcomes = await shop.asShipped(() => Promise.all(cutOff.map(({ reference, key }) => give(reference, key))));
  expect(outcomes.map(({ status, body }) => [status, body.code])).toEqual(issued.map(() => [504, 'outcome_unknown']));
  await untilContinued(cutOff[0]?.reference ?? '');
  await Promise.all(
    cutOff.map(async ({ reference, key }) => {
      expect(await restorePayment(shop, reference, 'what_was_not_recorded')).toBe('restored');
      const given = await until(async () => {
        const { status, body } = await give(reference, key);
        return status === 201 && body;
      });
      expect(await payment(reference)).toMatchObject({ balanceMinor: 9_900, heldMinor: 0 });
      expect(await payment(given.gift.toReference ?? '')).toMatchObject({ availableMinor: 100, frozenCauses: [] });
      expect(await gotOf(reference)).toHaveLength(1);
    }),
  );
});

test('one whose hold is lost is refused while its payment is missing, where nothing is issued for it yet', async () => {
  const { reference, key } = await cutOffUnrecorded(['hold', 'after']);
  expect(await give(reference, key)).toMatchObject({ status: 409, body: { code: 'payment_unavailable' } });
  expect(await gotOf(reference)).toHaveLength(0);
});

test('what is issued for one whose hold is lost is taken back when the money has gone meanwhile', async () => {
  const { reference, key } = await cutOffUnrecorded(['capture', 'before']);
  expect(await restorePayment(shop, reference, 'what_was_not_recorded')).toBe('restored');
  const spent = { customerId: 'C-1', amountMinor: 9_950, currency: 'EUR', saleId: 'S-1' };
  expect(await shop.post(`/account-payments/${reference}/apply`, spent)).toMatchObject({ status: 200 });
  expect(await give(reference, key)).toMatchObject({ status: 409, body: { code: 'insufficient_balance' } });
  const got = await until(async () => {
    const [row] = await gotOf(reference);
    return row?.status === 'cancelled' && row;
  });
  expect(await payment(got.reference)).toMatchObject({ balanceMinor: 0 });
});

test('one whose money ran out meanwhile goes on to the end, for it is issued; what was given can be reinstated', async () => {
  const { reference, key } = await beforeItEnds(async ({ expiresAt }) => {
    const [issued, ofTry] = [await shop.issue({ expiresAt }), randomUUID()];
    meanwhile = terminatedAt(issued.reference, 'capture', 'before');
    expect(await give(issued.reference, ofTry)).toMatchObject({ status: 504 });
    return { reference: issued.reference, key: ofTry };
  });
  const [got] = await until(async () => {
    const rows = await gotOf(reference);
    return rows[0]?.status === 'expired' && rows;
  });
  expect(got).toMatchObject({ frozenCauses: ['gift'] });
  const early = await reinstate(got?.reference ?? '');
  expect(early).toMatchObject({ status: 409, body: { code: 'payment_frozen' } });
  expect(await give(reference, key)).toMatchObject({ status: 201, body: { gift: { toReference: got?.reference } } });
  expect(await reinstate(got?.reference ?? '')).toMatchObject({
    status: 201,
    body: { payment: { availableMinor: 100, frozenCauses: [] } },
  });
});

test('what was issued for a gift that came to nothing, and ran out before it could be cancelled, is nobody’s', async () => {
  const { reference, refusal } = await beforeItEnds(async ({ expiresAt }) => {
    const [{ reference: issued }, key] = [await shop.issue({ expiresAt }), randomUUID()];
    const letGo = new Promise<void>((tell) => {
      meanwhile = async (step, when) => {
        if (step !== 'capture' || when !== 'before') return;
        await releaseHoldOf(issued);
        tell();
        await until(async () => (await gotOf(issued))[0]?.status === 'expired');
      };
    });
    const answer = until(async () => {
      const { status, body } = await give(issued, key);
      return status === 409 && body;
    });
    await Promise.race([letGo, answer]);
    return { reference: issued, refusal: answer };
  });
  const refused = await refusal;
  expect(refused.code).toBe('hold_closed');
  const [got] = await gotOf(reference);
  expect(await reinstate(got?.reference ?? '')).toMatchObject({ status: 409, body: { code: 'payment_frozen' } });
  expect(await reinstate(reference)).toMatchObject({ status: 404 });
});

const decidedBy = async (reference: string) =>
  (await shop.sql<{ kind: string }[]>`select kind from commands where reference = ${reference} order by revision`).map(
    ({ kind }) => kind,
  );

test.each(['capture', 'thaw', 'cancel'] as const)(
  'a %s waits until the payment that it is for is there again, over as many runs as that takes',
  async (step) => {
    const { reference } = await shop.issue();
    let missing = '';
    let standing: 'there' | 'gone' = 'there';
    meanwhile = async (now, when) => {
      if (when !== 'before' || missing) return;
      if (step === 'cancel' && now === 'capture') await releaseHoldOf(reference);
      if (now !== step) return;
      await until(async () => (await gotOf(reference)).length === 1);
      missing = step === 'capture' ? reference : ((await gotOf(reference))[0]?.reference ?? '');
      await until(async () => (await decidedBy(reference)).length > 1);
      await shop.client.workflow.getHandle(missing).terminate('by mistake');
      standing = 'gone';
    };
    const key = randomUUID();
    const waits = { status: 504, body: { code: 'outcome_unknown' } };
    expect(await shop.asShipped(() => give(reference, key))).toMatchObject(waits);
    await until(() => Promise.resolve(standing === 'gone'));
    await untilContinued(reference);
    expect(await restorePayment(shop, missing)).toBe('restored');
    const told = await until(async () => {
      const { status, body } = await give(reference, key);
      return status !== 504 && { status, body };
    });
    const got = (await gotOf(reference))[0]?.reference ?? '';
    if (step === 'cancel') {
      expect(told).toMatchObject({ status: 409, body: { code: 'hold_closed' } });
      expect(await payment(reference)).toMatchObject({ balanceMinor: 10_000, heldMinor: 0 });
      expect(await payment(got)).toMatchObject({ status: 'cancelled', balanceMinor: 0 });
    } else {
      expect(told).toMatchObject({ status: 201, body: { gift: { toReference: got } } });
      expect(await payment(reference)).toMatchObject({ balanceMinor: 9_900, heldMinor: 0 });
      expect(await payment(got)).toMatchObject({ availableMinor: 100, frozenCauses: [] });
      expect(await decidedBy(reference)).toEqual(['issue', 'hold', 'capture']);
    }
    expect(await decidedBy(got)).toEqual(['issue', step === 'cancel' ? 'cancel' : 'thaw']);
  },
);
