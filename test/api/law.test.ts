import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createApp } from '../../api/createApp.js';
import { createKeyring } from '../../api/http/keys.js';
import { disconnect } from '../../db/connect.js';
import { findBooked } from '../../db/payment/booked.js';
import { updateShop, type ShopSettings } from '../../db/shops.js';
import { createCalendar, daysAfter } from '../../domain/instants.js';
import { yearsAfter } from '../../domain/law/calendar.js';
import type { Warning } from '../../domain/law/decision.js';
import type { LawDecision } from '../../domain/law/decided.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import { restore } from '../../domain/payment/restore.js';
import { createRequestKeys } from '../../service/requestKeys.js';
import { openNowhere } from '../support/nowhere.js';
import { addShop, openShop, until, type PostOptions, type Reply, type Shop } from '../support/shop.js';

/** Shops under several laws, each in its own time zone. The API's clock can be set; payments have the true one. */
let shop: Shop;
let nowMs = Date.now();
const back = () => void (nowMs = Date.now());
const shops: Record<string, { shopId: string; till: string; manager: string }> = {};
const places = {
  'US-CA': { timeZone: 'America/Los_Angeles', currency: 'USD', againstLaw: 'refused' },
  'US-NY': { timeZone: 'America/New_York', currency: 'USD', againstLaw: 'warned' },
  US: { timeZone: 'America/Chicago', currency: 'USD', againstLaw: 'refused' },
  AU: { timeZone: 'Australia/Sydney', currency: 'AUD', againstLaw: 'refused' },
  DE: { timeZone: 'Europe/Berlin', currency: 'EUR', againstLaw: 'refused' },
} as const;

beforeAll(async () => {
  shop = await openShop({ now: () => nowMs });
  for (const [jurisdiction, { againstLaw, ...named }] of Object.entries(places)) {
    const shopId = await addShop(shop.sql, { jurisdiction, ...named });
    await updateShop(shop.sql, shopId, { againstLaw });
    const keyOf = (role: 'till' | 'manager') => shop.keyOf(role, `${role}-${shopId}`, shopId);
    shops[jurisdiction] = { shopId, till: await keyOf('till'), manager: await keyOf('manager') };
  }
});
afterAll(() => shop.close());

type Answer = { code?: string; payment: AccountPaymentView & { validThrough: string | null }; warnings: Warning[] };
type Place = keyof typeof places;
const of = (place: Place) => shops[place] as (typeof shops)[string];
const aGift = (place: Place, more: object = {}) => ({
  customerId: 'C-1',
  type: 'generic',
  purpose: 'gift',
  tender: 'card',
  amountMinor: 2_000,
  currency: places[place].currency,
  ...more,
});
const post = (path: string, body: object, options: PostOptions): Promise<Reply<Answer>> =>
  shop.post<Answer>(path, body, options);
const issueIn = (place: Place, more: object = {}, options: PostOptions = {}) =>
  post('/account-payments', aGift(place, more), { key: of(place).manager, ...options });
const issued = async (place: Place, more: object = {}): Promise<string> => {
  const reply = await issueIn(place, more);
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return reply.body.payment.reference;
};
const actOn = (place: Place, reference: string, call: string, body: object = {}, options: PostOptions = {}) =>
  post(
    `/account-payments/${reference}/${call}`,
    { ...(call !== 'expire' && { customerId: 'C-1' }), reason: 'asked for', ...body },
    { key: of(place).manager, ...options },
  );
const rulesOf = ({ body }: Reply<Answer>) => body.warnings.map(({ rule }) => rule);
const today = (place: Place) => createCalendar(places[place].timeZone).dayAt(nowMs);
const REASON = 'the customer insists';
const AGAINST_LAW_IN_WORDS =
  /It was done although a law stands against it, for this reason: “the customer insists”\. United States: .*\.$/;

/** What stands in the books beside a command. */
const lawBeside = async (reference: string, kind: string): Promise<LawDecision | undefined> => {
  const [row] = await until(async () => {
    const rows = await shop.sql<{ law: LawDecision | null }[]>`
      select details -> 'law' as law from commands where reference = ${reference} and kind = ${kind}`;
    return rows.length > 0 && rows;
  });
  return row?.law ?? undefined;
};

/** Asks an API as the manager of a shop. */
function askOf(app: Pick<Shop['app'], 'request'>) {
  return async (
    place: Place,
    path: string,
    body: object,
    idempotencyKey: string = randomUUID(),
  ): Promise<Reply<Answer>> => {
    const headers = {
      Authorization: `Bearer ${of(place).manager}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': idempotencyKey,
    };
    const response = await app.request(`/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
  };
}

/** A shop as an API sees it that has just been started: settings are believed for a minute. */
async function settle(place: Place, settings: ShopSettings) {
  await updateShop(shop.sql, of(place).shopId, settings);
  const ask = askOf(createApp(shop.parts, createKeyring({ sql: shop.sql })));
  return (path: string, body: object, idempotencyKey: string) => ask(place, path, body, idempotencyKey);
}

test('an issue that a law stands against is refused where the shop says so, for good', async () => {
  const idempotencyKey = randomUUID();
  const gift = { validThrough: '2090-12-31' };
  const refused = await issueIn('US-CA', gift, { idempotencyKey });
  expect(refused).toMatchObject({
    status: 422,
    body: {
      code: 'against_law',
      warnings: [
        {
          rule: 'us-ca-validity',
          jurisdiction: 'US-CA',
          force: 'binding',
          words: { en: /no expiry date/, de: /kein Ablaufdatum/ },
          source: { citation: /1749\.5/ },
          leastValidThrough: null,
        },
      ].map((warning) => ({
        ...warning,
        words: {
          en: expect.stringMatching(warning.words.en) as string,
          de: expect.stringMatching(warning.words.de) as string,
        },
        source: { citation: expect.stringMatching(warning.source.citation) as string },
      })),
    },
  });
  expect(refused.headers.get('Idempotent-Replayed')).toBeNull();
  const kept = await settle('US-CA', { againstLaw: 'warned' });
  const again = await kept('/account-payments', aGift('US-CA', gift), idempotencyKey);
  expect([again.status, again.body.code, again.headers.get('Idempotent-Replayed')]).toEqual([
    422,
    'against_law',
    'true',
  ]);
  expect(await kept('/account-payments', aGift('US-CA', gift), randomUUID())).toMatchObject({ status: 201 });
  await updateShop(shop.sql, of('US-CA').shopId, { againstLaw: 'refused' });
  const [row] = await shop.sql<{ count: number }[]>`
    select count(*)::int from issue_reservations where command_id in
      (select request_id from request_keys where outcome_code = 'against_law')`;
  expect(row?.count).toBe(0);
});

test('a manager does it all the same, with a reason that stands in the books; a till does not', async () => {
  const gift = { validThrough: '2090-12-31', againstLawBecause: REASON };
  const byTill = await issueIn('US-CA', gift, { key: of('US-CA').till });
  expect(byTill).toMatchObject({ status: 422, body: { code: 'against_law' } });
  const idempotencyKey = randomUUID();
  const first = await issueIn('US-CA', gift, { idempotencyKey });
  expect(first.status, JSON.stringify(first.body)).toBe(201);
  expect(rulesOf(first)).toEqual(['us-ca-validity']);
  const { reference } = first.body.payment;
  const noted = { outcome: 'overridden', reason: REASON, rules: [{ id: 'us-ca-validity', leastValidThrough: null }] };
  expect(await lawBeside(reference, 'issue')).toEqual(noted);

  // The law has gone: whoever asks again hears what was said first.
  const later = await settle('US-CA', { jurisdiction: null });
  const again = await later('/account-payments', aGift('US-CA', gift), idempotencyKey);
  expect([again.status, rulesOf(again), again.body.payment.reference]).toEqual([201, ['us-ca-validity'], reference]);
  await updateShop(shop.sql, of('US-CA').shopId, { jurisdiction: 'US-CA' });
});

test('a shop that warns does what is asked, and says what the law says', async () => {
  const short = { validThrough: yearsAfter(today('US-NY'), 8) };
  const gift = await issueIn('US-NY', short, { key: of('US-NY').till });
  expect([gift.status, rulesOf(gift)]).toEqual([201, ['us-ny-validity-9']]);
  expect(gift.body.warnings[0]?.leastValidThrough).toBe(yearsAfter(today('US-NY'), 9));
  const { reference } = gift.body.payment;
  expect(await lawBeside(reference, 'issue')).toMatchObject({ outcome: 'warned' });

  const longer = await actOn('US-NY', reference, 'extend', { validThrough: yearsAfter(today('US-NY'), 9) });
  expect([longer.status, longer.body.warnings]).toEqual([200, []]);
  const frozen = await actOn('US-NY', reference, 'freeze', { customerId: undefined, cause: 'staff' });
  expect([frozen.status, frozen.body.warnings]).toEqual([200, []]);

  const small = await issued('US-NY', { amountMinor: 450 });
  const part = await actOn('US-NY', small, 'pay-out', { amountMinor: 100, currency: 'USD', tender: 'cash' });
  expect([part.status, rulesOf(part)]).toEqual([200, ['us-ny-cash']]);
  const rest = await actOn('US-NY', small, 'pay-out', { amountMinor: 350, currency: 'USD', tender: 'cash' });
  expect([rest.status, rulesOf(rest)]).toEqual([200, []]);
});

test.each([
  ['extend', { validThrough: 'too early' }],
  ['expire', {}],
  ['cancel', { disposition: 'forfeited' }],
])('to %s is refused where the shop says so, and done with a reason', async (call, said) => {
  const place = 'US';
  const least = yearsAfter(today(place), 5);
  const validThrough = daysAfter(least, -10);
  const reference = await issued(place, { validThrough, againstLawBecause: REASON });
  const body = call === 'extend' ? { validThrough: daysAfter(least, -1) } : said;
  const idempotencyKey = randomUUID();
  const refused = await actOn(place, reference, call, body, { idempotencyKey });
  expect(refused).toMatchObject({ status: 422, body: { code: 'against_law', warnings: [{ rule: 'us-validity' }] } });
  expect(await actOn(place, reference, call, body, { idempotencyKey })).toMatchObject({ status: 422 });
  const { body: told } = await shop.get<AccountPaymentView>(`/account-payments/${reference}`);
  expect(told).toMatchObject({ status: 'active', revision: 1 });

  const done = await actOn(place, reference, call, { ...body, againstLawBecause: REASON });
  expect([done.status, rulesOf(done)]).toEqual([200, ['us-validity']]);
  expect(await lawBeside(reference, call)).toEqual({
    outcome: 'overridden',
    reason: REASON,
    rules: [{ id: 'us-validity', leastValidThrough: least }],
  });
  const { body: life } = await shop.get<{ happened: { text: string }[] }>(`/account-payments/${reference}/explanation`);
  expect(life.happened.map(({ text }) => text)).toEqual(
    ['issued', call].map(() => expect.stringMatching(AGAINST_LAW_IN_WORDS) as string),
  );
  // What an operator restores from the books is what was decided, the law's word included.
  const booked = await findBooked(shop.sql, reference);
  expect(booked?.issue.law?.reason).toBe(REASON);
  const state = booked && restore(booked.issue, booked.commands);
  expect(state?.payment.revision).toBe(done.body.payment.revision);
});

test('what was decided is answered as it was, whatever the law has become since', async () => {
  const place = 'US';
  const validThrough = yearsAfter(today(place), 1);
  const reference = await issued(place, { validThrough, againstLawBecause: REASON });
  await updateShop(shop.sql, of(place).shopId, { againstLaw: 'warned' });
  const key = randomUUID();
  const first = await actOn(place, reference, 'expire', {}, { idempotencyKey: key });
  expect([first.status, rulesOf(first)]).toEqual([200, ['us-validity']]);
  for (const settings of [{ againstLaw: 'refused' }, { jurisdiction: null }, { jurisdiction: 'GB' }] as const) {
    const ask = await settle(place, settings);
    const again = await ask(`/account-payments/${reference}/expire`, { reason: 'asked for' }, key);
    expect([again.status, rulesOf(again)]).toEqual([200, ['us-validity']]);
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
  }
  await updateShop(shop.sql, of(place).shopId, { jurisdiction: 'US', againstLaw: 'refused' });
});

test('a gift and a replacement count from the day on which the money first came', async () => {
  const place = 'US';
  // Issued four years ago, good for another month: the least term ends in a year.
  nowMs = Date.parse(`${yearsAfter(createCalendar('UTC').dayAt(Date.now()), -4)}T12:00:00Z`);
  const least = yearsAfter(today(place), 5);
  const validThrough = daysAfter(createCalendar('UTC').dayAt(Date.now()), 30);
  const old = await issued(place, { validThrough, againstLawBecause: REASON });
  const ended = await issued(place, { validThrough, againstLawBecause: REASON });
  back();
  const fresh = await issueIn(place, { validThrough: least });
  expect(fresh).toMatchObject({ status: 422, body: { code: 'against_law' } });

  const gift = { reference: old, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 500, currency: 'USD' };
  const given = await shop.post<{ gift: { toReference: string } }>('/gifts', gift, { key: of(place).manager });
  expect(given.status, JSON.stringify(given.body)).toBe(201);
  const { toReference } = given.body.gift;
  const extendGift = (day: string) => actOn(place, toReference, 'extend', { customerId: 'C-2', validThrough: day });
  expect(await extendGift(daysAfter(least, -1))).toMatchObject({ status: 422, body: { code: 'against_law' } });
  expect(await extendGift(least)).toMatchObject({ status: 200, body: { warnings: [] } });

  await actOn(place, ended, 'cancel', { disposition: 'forfeited', againstLawBecause: REASON });
  await until(
    async () =>
      (await shop.sql`select from account_payments where reference = ${ended} and status = 'cancelled'`).length > 0,
  );
  const reinstate = (day: string, more = {}) => actOn(place, ended, 'reinstate', { validThrough: day, ...more });
  const tooShort = await reinstate(daysAfter(least, -1));
  expect(tooShort).toMatchObject({
    status: 422,
    body: { code: 'against_law', warnings: [{ leastValidThrough: least }] },
  });
  const anew = await reinstate(least);
  expect([anew.status, rulesOf(anew)]).toEqual([201, []]);
  const longer = await actOn(place, anew.body.payment.reference, 'extend', { validThrough: daysAfter(least, 1) });
  expect([longer.status, longer.body.warnings]).toEqual([200, []]);
});

test('a payment stands under the law of the shop that issued it, wherever it is handed in', async () => {
  const reference = await issued('US', { validThrough: yearsAfter(today('US'), 6) });
  const elsewhere = await actOn('DE', reference, 'expire');
  expect(elsewhere).toMatchObject({ status: 422, body: { code: 'against_law', warnings: [{ rule: 'us-validity' }] } });
});

test('while the books are away it is judged by what is known here, and nothing is refused that may have been decided', async () => {
  const [lawful, lay] = [
    await issued('US', { validThrough: yearsAfter(today('US'), 6) }),
    await issued('AU', { purpose: 'deposit' }),
  ];
  const sql = openNowhere();
  const gone = {
    sql,
    listSql: sql,
    requestKeys: createRequestKeys({ sql }),
    untilRecorded: () => Promise.resolve(false),
  };
  const away = createApp({ ...shop.parts, ...gone }, createKeyring({ sql: shop.sql }));
  const ask = askOf(away);
  const forfeit = { customerId: 'C-1', disposition: 'forfeited', reason: 'agreed' };
  const at = (reference: string) => `/account-payments/${reference}/cancel`;
  expect(await ask('AU', at(lay), forfeit)).toMatchObject({ status: 200, body: { warnings: [{ rule: 'au-lay-by' }] } });
  expect(await ask('US', at(lawful), forfeit)).toMatchObject({ status: 503, body: { code: 'records_unavailable' } });
  const signed = await ask('US', at(lawful), { ...forfeit, againstLawBecause: REASON });
  expect([signed.status, rulesOf(signed)]).toEqual([200, ['us-validity']]);
  await disconnect(sql);
});

test('a payment whose history has the law in it decides the same when it is replayed', async () => {
  const reference = await issued('US', { validThrough: yearsAfter(today('US'), 1), againstLawBecause: REASON });
  await actOn('US', reference, 'extend', { validThrough: yearsAfter(today('US'), 2), againstLawBecause: REASON });
  const history = await shop.client.workflow.getHandle(reference).fetchHistory();
  await Worker.runReplayHistory({ workflowBundle: { codePath: inject('bundlePath') } }, history, reference);
});

test('goodwill and what came back stand under no rule for what was sold', async () => {
  for (const more of [{ funding: 'goodwill' }, { purpose: 'store_credit', funding: 'return' }]) {
    const reply = await issueIn('US', { tender: undefined, validThrough: yearsAfter(today('US'), 1), ...more });
    expect([reply.status, reply.body.warnings]).toEqual([201, []]);
  }
});

test('advice is told and never in the way, however strict the shop', async () => {
  const lay = await issued('AU', { purpose: 'deposit' });
  const forfeited = await actOn('AU', lay, 'cancel', { disposition: 'forfeited' });
  expect([forfeited.status, rulesOf(forfeited)]).toEqual([200, ['au-lay-by']]);
  const voucher = await issueIn('DE', { validThrough: yearsAfter(today('DE'), 1) });
  expect([voucher.status, rulesOf(voucher)]).toEqual([201, ['de-validity']]);
});

test('what the payment itself refuses is told as it tells it, and nobody hears of the law of a stranger', async () => {
  const reference = await issued('US', { validThrough: yearsAfter(today('US'), 6) });
  const stranger = await actOn('US', reference, 'cancel', { customerId: 'C-9', disposition: 'forfeited' });
  expect(stranger).toMatchObject({ status: 404, body: { code: 'payment_not_found' } });
  expect(stranger.body.warnings).toBeUndefined();
  await actOn('US', reference, 'cancel', { disposition: 'paid_out', tender: 'cash' });
  expect(await actOn('US', reference, 'expire')).toMatchObject({ status: 409, body: { code: 'payment_cancelled' } });
});

test('the law looks at what a payment has, whatever the books know of it yet', async () => {
  const reference = await issued('US-NY', { amountMinor: 2_000 });
  const money = { currency: 'USD', tender: undefined };
  const part = await shop.sql.begin(async (locking) => {
    // Nothing more of it is recorded meanwhile.
    await locking`select from account_payments where reference = ${reference} for update`;
    const spent = { ...money, amountMinor: 1_600, saleId: 'S-law', reason: undefined };
    const applied = await actOn('US-NY', reference, 'apply', spent, { headers: { Prefer: 'wait=0' } });
    expect([applied.status, applied.body.payment.balanceMinor]).toEqual([200, 400]);
    const paid = { ...money, amountMinor: 100, tender: 'cash' };
    return actOn('US-NY', reference, 'pay-out', paid, { headers: { Prefer: 'wait=0' } });
  });
  expect([part.status, rulesOf(part)]).toEqual([200, ['us-ny-cash']]);
});

test('what a return issues for too short a time is told before and after, and never refused', async () => {
  const returned = async (saleId: string, settings: ShopSettings) => {
    const reference = await issued('US');
    const spent = { currency: 'USD', amountMinor: 500, saleId, reason: undefined };
    await actOn('US', reference, 'apply', spent);
    await actOn('US', reference, 'cancel', { disposition: 'paid_out', tender: 'cash' });
    const ask = await settle('US', settings);
    const back = (more: object) => {
      const body = { customerId: 'C-1', currency: 'USD', ...more };
      return ask(`/sales/${saleId}/return`, body, randomUUID());
    };
    const [before, done] = [await back({ preview: true }), await back({})];
    return [before, done].map((reply) => [reply.status, rulesOf(reply)]);
  };
  const told = [200, ['us-validity']];
  expect(await returned('S-short', { replacementLifetimeDays: 30 })).toEqual([told, told]);
  expect(await returned('S-long', { replacementLifetimeDays: null })).toEqual([
    [200, []],
    [200, []],
  ]);
});

/**
 * Asks an API just started to which Postgres does not answer in the time that a till waits, again until somebody
 * decides: the payment itself may be slow as well.
 */
async function askInAHiccup(place: Place, path: string, body: object, key: string = randomUUID()) {
  const requestKeys = createRequestKeys({ sql: shop.parts.sql, patienceMs: 0 });
  return until(async () => {
    const app = createApp({ ...shop.parts, requestKeys }, createKeyring({ sql: shop.sql }));
    const reply = await askOf(app)(place, path, body, key);
    return reply.status < 500 && reply;
  });
}
const outcomeOf = async (reference: string) => {
  const rows = await shop.sql<{ outcomeCode: string | null }[]>`
    select outcome_code from request_keys where reference = ${reference} order by registered_at desc limit 1`;
  return rows[0]?.outcomeCode;
};

test('while Postgres is slow the law is still that of the shop that issued it, and what was refused stays so', async () => {
  const [german, american] = [
    await issued('DE', { validThrough: yearsAfter(today('DE'), 6) }),
    await issued('US', { validThrough: yearsAfter(today('US'), 6) }),
  ];
  const expiring = (reference: string) => [`/account-payments/${reference}/expire`, { reason: 'asked for' }] as const;
  const elsewhere = await askInAHiccup('US', ...expiring(german));
  expect([elsewhere.status, elsewhere.body.code]).toEqual([200, undefined]);

  const key = randomUUID();
  expect(await askInAHiccup('DE', ...expiring(american), key)).toMatchObject({
    status: 422,
    body: { code: 'against_law', warnings: [{ rule: 'us-validity' }] },
  });
  await updateShop(shop.sql, of('US').shopId, { againstLaw: 'warned' });
  const again = await askInAHiccup('DE', ...expiring(american), key);
  await updateShop(shop.sql, of('US').shopId, { againstLaw: 'refused' });
  expect([again.status, again.body.code, again.headers.get('Idempotent-Replayed')]).toEqual([
    422,
    'against_law',
    'true',
  ]);
});

test('what is refused on facts that the books did not tell is not refused for good', async () => {
  const german = await issued('DE', { validThrough: yearsAfter(today('DE'), 6) });
  const key = randomUUID();
  const expire = () => actOn('US', german, 'expire', {}, { idempotencyKey: key });
  const unlocked = await shop.sql.begin(async (locking) => {
    await locking`lock table shops in access exclusive mode`;
    return expire();
  });
  expect(unlocked).toMatchObject({ status: 503, body: { code: 'records_unavailable' } });
  expect(await outcomeOf(german)).toBeNull();
  expect(await expire()).toMatchObject({ status: 200 });
});

test('nothing is refused for good while nobody can tell whether the payment has decided it', async () => {
  const reference = await issued('US', { validThrough: yearsAfter(today('US'), 6) });
  const key = randomUUID();
  const expire = () => actOn('US', reference, 'expire', {}, { idempotencyKey: key });
  await shop.stopWorker();
  expect(await expire()).toMatchObject({ status: 503 });
  expect(await outcomeOf(reference)).toBeNull();
  await shop.startWorker();
  const told = await until(async () => {
    const reply = await expire();
    return reply.status !== 503 && reply;
  });
  expect(told).toMatchObject({ status: 422, body: { code: 'against_law' } });
});
