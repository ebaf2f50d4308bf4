import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noteDifferences } from '../../../db/reconciliation/differences.js';
import { addPerson, enter } from '../../support/desk.js';
import { openPages } from '../../support/pages.js';
import { addShop, openShop, until, type Shop } from '../../support/shop.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop();
  pages = openPages(shop);
});
afterAll(() => shop.close());

const issue = async (more: object = {}) => (await shop.issue({ amountMinor: 1_000, ...more })).reference;
/** The lines of the page that name this. */
const linesOf = async (named: string, language = 'en-GB') => {
  const { root } = await pages.get('/attention', { headers: { 'Accept-Language': language } });
  return root.querySelectorAll('main section').flatMap((section) => {
    const lines = section.querySelectorAll('li').filter((line) => line.structuredText.includes(named));
    return lines.map((line) => ({
      title: section.querySelector('h2')?.text,
      text: line.structuredText.replace(/\s+/g, ' '),
      whatToDo: section.querySelectorAll('.notice').map((each) => each.structuredText.replace(/\s+/g, ' ')),
    }));
  });
};

test("nothing waits where nothing waits, and it is no cashier's", async () => {
  const quiet = await openShop({ worker: 'none' });
  const own = openPages(quiet);
  const { text, root } = await own.get('/attention');
  expect(text).toContain('Nothing waits for a person.');
  expect(root.querySelector('a[href="/attention"]')?.text.trim()).toBe('For a person');
  expect((await own.get('/attention', { as: 'cashier' })).status).toBe(403);
  const till = await own.get('/sales', { as: 'cashier' });
  expect(till.root.querySelectorAll('.menu a').map((each) => each.getAttribute('href'))).not.toContain('/attention');
  await quiet.close();
});

test.each([
  ['staff', 'en-GB', 'Somebody froze it.'],
  ['conflict', 'en-GB', 'It and the books say different things.'],
  ['conflict', 'de-DE', 'Guthaben und Bücher widersprechen sich.'],
  ['reconciliation', 'de-DE', 'Ein Abgleich mit den Büchern hat es gesperrt.'],
])('frozen for %s, in %s: why, and what to do, until it is thawed', async (cause, language, whatToDo) => {
  const reference = await issue();
  const reason = `<script>${randomUUID()}</script>`;
  await shop.post(`/account-payments/${reference}/freeze`, { cause, reason });
  const [line] = await until(async () => {
    const lines = await linesOf(reference, language);
    return lines.length > 0 && lines;
  });
  expect(line?.text).toContain(reason);
  expect(line?.whatToDo.join()).toContain(whatToDo);
  await shop.post(`/account-payments/${reference}/thaw`, { cause, reason: 'settled' });
  await until(async () => (await linesOf(reference, language)).length === 0);
});

test('a payment that the books contradict is told, though it cannot tell the books so', async () => {
  const reference = await issue();
  await until(async () => (await shop.sql`select from account_payments where reference = ${reference}`).length === 1);
  await shop.sql`
    insert into commands (reference, command_id, revision, kind, body_hash, outcome, rules, caller, shop_id, decided_at)
    select reference, 'by hand', 2, 'extend', 'x', 'accepted', rules, caller, shop_id, decided_at
      from commands where reference = ${reference}`;
  await shop.post(`/account-payments/${reference}/extend`, { customerId: 'C-1', expiresAt: '2040-01-01', reason: 'x' });
  const [line] = await until(async () => {
    const lines = await linesOf(reference);
    return lines.length > 0 && lines;
  });
  expect(line).toMatchObject({ title: 'Frozen' });
  expect(line?.whatToDo.join()).toContain('It and the books say different things.');
  await shop.client.workflow.getHandle(reference).terminate('an operator');
  expect(await linesOf(reference)).toEqual([]);
});

test('a gift that failed waits until it was given', async () => {
  const [reference, toCustomerId] = [await issue(), `C-${randomUUID()}`];
  const gift = { reference, customerId: 'C-1', toCustomerId, amountMinor: 1_001, currency: 'EUR' };
  expect(await shop.post('/gifts', gift)).toMatchObject({ status: 409 });
  const [line] = await linesOf(reference);
  expect(line).toMatchObject({
    title: 'Gifts that were not given',
    whatToDo: [expect.stringContaining('Nothing has moved.')],
  });
  expect(line?.text).toContain(`€10.01 from C-1 to ${toCustomerId}`);
  expect(line?.text).toContain('The available balance is smaller than that.');
  expect(await shop.post('/gifts', { ...gift, amountMinor: 500 })).toMatchObject({ status: 201 });
  expect(await linesOf(reference)).toEqual([]);
});

test("a gift that has begun and not ended is the operators' after some minutes", async () => {
  const reference = await issue();
  await shop.sql`
    insert into gifts (gift_id, body_hash, reference, customer_id, to_customer_id, amount_minor, currency, status,
                       caller, shop_id, requested_at)
    values (${randomUUID()}, 'hash', ${reference}, 'C-1', 'C-2', 700, 'EUR', 'pending', 'till-1', ${shop.shopId},
            now() - interval '3 minutes')`;
  const [line] = await linesOf(reference, 'de-DE');
  expect(line?.text).toContain('noch nicht entschieden');
  expect(line?.whatToDo.join()).toContain('Es wurde begonnen und nicht beendet.');
});

test('a signal that was refused is told, and one that was taken is not', async () => {
  const reference = await issue();
  const send = (amountMinor: number, saleId: string) =>
    shop.post(
      `/account-payments/${reference}/apply`,
      { customerId: 'C-1', amountMinor, currency: 'EUR', saleId },
      { key: shop.keys.till, headers: { Prefer: 'respond-async' } },
    );
  expect((await send(300, 'S-taken')).status).toBe(202);
  expect((await send(9_000, 'S-refused')).status).toBe(202);
  const [line, ...others] = await until(async () => {
    const lines = await linesOf(reference);
    return lines.length > 0 && lines;
  });
  expect(others).toEqual([]);
  expect(line).toMatchObject({ title: 'Messages that came to nothing' });
  expect(line?.text).toContain('take €90.00 for sale S-refused');
  expect(line?.text).toContain('by till-1: The available balance is smaller than that.');
  expect((await send(200, 'S-later')).status).toBe(202);
  expect(await linesOf(reference)).toHaveLength(1);
});

/** The fields of the button in this line. */
const settlingOf = async (named: string) => {
  const { root } = await pages.get('/attention');
  const line = root.querySelectorAll('main li').find((each) => each.structuredText.includes(named));
  const fields = line?.querySelectorAll('form[action="/attention"] input') ?? [];
  return Object.fromEntries(fields.map((each) => [each.getAttribute('name') ?? '', each.getAttribute('value') ?? '']));
};

test('a refused signal leaves the list when a manager of its shop has settled it, and who did is kept', async () => {
  const reference = await issue();
  const asked = { customerId: 'C-1', amountMinor: 9_000, currency: 'EUR', saleId: 'S-settled' };
  const headers = { Prefer: 'respond-async' };
  expect((await shop.post(`/account-payments/${reference}/apply`, asked, { headers })).status).toBe(202);
  await until(async () => (await linesOf(reference)).length > 0);
  const settling = await settlingOf(reference);
  const elsewhere = await addPerson(shop.desk, 'elsewhere', {
    staffRole: 'manager',
    shopIds: [await addShop(shop.sql)],
  });
  const Cookie = (await enter(shop.desk, 'elsewhere', elsewhere)).get('cookie') ?? '';
  expect((await pages.post('/attention', settling, { headers: { Cookie } })).status).toBe(404);
  expect(await linesOf(reference)).toHaveLength(1);
  for (let times = 0; times < 2; times++) {
    const done = await pages.post('/attention', settling);
    expect([done.status, done.location]).toEqual([303, `/attention?settled=${reference}`]);
  }
  expect((await pages.get(`/attention?settled=${reference}`)).text).toContain(`Marked as settled: ${reference}`);
  expect(await linesOf(reference)).toEqual([]);
  const rows = await shop.sql`select caller, shop_id from attended_signals where reference = ${reference}`;
  expect(rows).toEqual([{ caller: expect.stringMatching(/^staff:./) as string, shopId: shop.shopId }]);
});

test('of a sale that is settled only what it has missing later waits again', async () => {
  const saleId = `S-${randomUUID()}`;
  const tell = (kind: string, missingMinor: number) => shop.sql`
    insert into sale_commands (sale_shop_id, sale_id, command_id, kind, body_hash, outcome, currency, answer, caller,
                               shop_id, decided_at)
    values (${shop.shopId}, ${saleId}, ${randomUUID()}, ${kind}, 'hash', 'accepted', 'EUR',
            ${shop.sql.json({ attempt: { sources: [{ missingMinor }] } })}, 'till-1', ${shop.shopId}, now())`;
  await tell('capture', 700);
  const [line] = await linesOf(saleId);
  expect(line?.text).toContain('€7.00 was gone when the sale was completed.');
  expect((await pages.post('/attention', await settlingOf(saleId))).status).toBe(303);
  expect(await linesOf(saleId)).toEqual([]);
  await tell('return', 700);
  expect(await linesOf(saleId)).toEqual([]);
  await tell('capture', 900);
  expect((await linesOf(saleId))[0]?.text).toContain('€2.00 was gone when the sale was completed.');
});

test('the newest of very many are shown, and all of them counted', async () => {
  const [reference, newest] = [await issue(), await issue()];
  await until(async () => (await shop.sql`select from account_payments where reference = ${newest}`).length === 1);
  await shop.sql`
    insert into sent_signals (command_id, reference, sent_at)
    select 'old-' || i, ${reference}, now() - interval '2 days' from generate_series(1, 120) i`;
  await shop.sql`
    insert into sent_signals (command_id, reference, sent_at) values ('new', ${newest}, now() - interval '1 hour')`;
  const { root, text } = await pages.get('/attention');
  const signals = root.querySelectorAll('.waiting').find((each) => each.text.includes('Messages that came to nothing'));
  const lines = signals?.querySelectorAll('li').map((each) => each.text) ?? [];
  expect([lines.length, lines.some((each) => each.includes(newest))]).toEqual([100, true]);
  expect(text).toContain('Of each kind 100 are shown at most, the newest; there are more.');
  const inMenu = /\((\d+)\)/.exec(root.querySelector('.menu a[href="/attention"]')?.text ?? '')?.[1];
  expect(Number(inMenu)).toBeGreaterThanOrEqual(121);
  await shop.sql`delete from sent_signals where reference in (${reference}, ${newest})`;
});

test('a payment whose process has gone is told once something has asked it', async () => {
  const [reference, saleId] = [await issue(), `S-${randomUUID()}`];
  await until(async () => (await shop.sql`select from account_payments where reference = ${reference}`).length === 1);
  await shop.client.workflow.getHandle(reference).terminate('by mistake');
  const payments = [{ reference, amountMinor: 100 }];
  const basket = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 100 }], payments };
  await until(async () => {
    const { status } = await shop.post(`/sales/${saleId}/settle`, basket, { idempotencyKey: saleId });
    return status === 409;
  });
  const [line] = await until(async () => {
    const lines = await linesOf(reference);
    return lines.length > 0 && lines;
  });
  expect(line).toMatchObject({ title: 'Payments that do not answer' });
});

test.each([
  ['en-GB', 'balance books: 999; process: 1000', 'Somebody changed one of the two by hand.'],
  ['de-DE', 'Guthaben Bücher: 999; Vorgang: 1000', 'Jemand hat eines von beiden von Hand geändert.'],
])('what a comparison found differing, in %s: what each says and what to do, until both agree', async (...told) => {
  const [language, says, whatToDo] = told;
  const reference = await issue();
  await until(async () => (await shop.sql`select from account_payments where reference = ${reference}`).length === 1);
  const difference = { reference, kind: 'balance', subject: '', books: '999', actor: '1000' } as const;
  await noteDifferences(shop.parts.sql, [reference], [difference]);
  const [line] = await linesOf(reference, language);
  expect(line?.text).toContain(says);
  expect(line?.whatToDo.join()).toContain(whatToDo);
  await noteDifferences(shop.parts.sql, [reference], []);
  expect(await linesOf(reference, language)).toEqual([]);
});

test('the menu counts what waits: of the own shop for a manager, of all for an admin', async () => {
  let nowMs = Date.now();
  const counting = await openShop({ now: () => nowMs });
  const own = openPages(counting);
  const { reference } = await counting.issue();
  await counting.post(`/account-payments/${reference}/freeze`, { cause: 'staff', reason: 'asked' });
  const inMenu = async (as: 'manager' | 'admin') => {
    nowMs += 60_000;
    const { root } = await own.get('/sales', { as });
    return root.querySelector('.menu a[href="/attention"]')?.text.replace(/\s+/g, ' ').trim();
  };
  await until(async () => (await inMenu('manager')) === 'For a person (1)');
  const elsewhere = await addShop(counting.sql);
  const key = await counting.keyOf('admin', 'admin-2', elsewhere);
  const issued = await counting.post<{ payment: { reference: string } }>(
    '/account-payments',
    { customerId: 'C-1', type: 'generic', purpose: 'deposit', amountMinor: 5, currency: 'EUR' },
    { key },
  );
  await counting.post(
    `/account-payments/${issued.body.payment.reference}/freeze`,
    { cause: 'staff', reason: 'x' },
    { key },
  );
  await until(async () => (await inMenu('admin')) === 'For a person (2)');
  // What takes longer to count than a page waits for it is there for the next one.
  expect(await until(async () => (await inMenu('manager'))?.match(/\(\d+\)/)?.[0])).toBe('(1)');
  await counting.close();
});
