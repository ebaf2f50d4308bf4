import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readIssue } from '../../../activities/reconciliation/readTold.js';
import { changeContacts } from '../../../db/customer/contacts.js';
import { eraseCustomer, listErasures } from '../../../db/customer/erasures.js';
import { eraseOldWords } from '../../../db/customer/oldWords.js';
import { findBooked } from '../../../db/payment/booked.js';
import { putBackReservation } from '../../../db/payment/issueReservations.js';
import { recordReserved } from '../../../db/payment/record.js';
import { findShop, updateShop } from '../../../db/shops.js';
import { tokenOf } from '../../../domain/customer/erasure.js';
import { view } from '../../../domain/payment/payment.js';
import type { Batch } from '../../../domain/payment/record.js';
import { restore } from '../../../domain/payment/restore.js';
import { eraseAgain } from '../../../scripts/eraseAgain.js';
import { rerecordPayment } from '../../../scripts/rerecordPayment.js';
import { erase } from '../../../service/customer/erase.js';
import type { Activities } from '../../../workflows/activities.js';
import { openShop, until, type Reply, type Shop } from '../../support/shop.js';
import { tablesWith } from '../../support/tablesWith.js';

/** Stands in every text that can be typed about the customer, and nowhere else. */
const MARK = 'Zaphod';
/** Is typed about somebody else, who gets a gift. */
const OTHERS = 'Trillian';
const customerId = 'C-erased';
const batches: Batch[] = [];
const around = (activities: Activities): Activities => ({
  ...activities,
  record: (batch) => {
    batches.push(batch);
    return activities.record(batch);
  },
});

let shop: Shop;
/** Every request with a text, to be sent again. */
const sent: { path: string; body: Readonly<Record<string, unknown>>; key: string; status: number }[] = [];
const references: string[] = [];
beforeAll(async () => {
  shop = await openShop({ around });
  await fillEveryText();
});
afterAll(() => shop.close());

/** What goods are called, and what finance gives its reasons for. */
const OF_NO_CUSTOMER = /^\/v1\/(products|closes|finance)\b/;
/** Whatever takes this takes what people type: an id, a day or a word of a closed list does not. */
const TYPED = `${MARK} sagt: „zu groß“`;
type Property = { type?: string | string[]; pattern?: string; maxLength?: number } & Record<string, unknown>;
type Operation = { requestBody?: { content: { 'application/json': { schema: { $ref?: string } } } } };

test('nothing is erased of which nobody was told', async () => {
  const by = { caller: 'operator', staffId: null, shopId: shop.shopId };
  const erasure = { erasureId: 'untold', customerId, erasedAt: new Date().toISOString(), reason: 'asked for', ...by };
  const dies = () => {
    throw new Error('it died');
  };
  await expect(eraseCustomer(shop.sql, erasure, dies)).rejects.toThrow('it died');
  expect(await listErasures(shop.sql)).toEqual([]);
});

test('every text that a call takes has been sent', async () => {
  const { body } = await shop.get<{
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, { properties?: Record<string, Property> }> };
  }>('http://127.0.0.1/openapi.json');
  const textsOf = ({ requestBody }: Operation) => {
    const schema = requestBody?.content['application/json'].schema ?? {};
    const named = '$ref' in schema ? body.components.schemas[schema.$ref?.split('/').at(-1) ?? ''] : schema;
    const { properties = {} } = named as { properties?: Record<string, Property> };
    return Object.keys(properties).filter((name) => isText(properties[name] ?? {}));
  };
  const texts = Object.entries(body.paths).flatMap(([path, operations]) =>
    OF_NO_CUSTOMER.test(path)
      ? []
      : Object.values(operations).flatMap((each) => textsOf(each).map((text) => [path, text])),
  );
  expect(new Set(texts.map(([, text]) => text))).toEqual(
    new Set(['reason', 'againstLawBecause', 'notes', 'message', 'name']),
  );
  const asPattern = (path: string) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
  const isSent = ([path = '', text = '']: string[]) =>
    sent.some((each) => asPattern(path).test(`/v1${each.path}`) && JSON.stringify(each.body[text])?.includes(MARK));
  expect(texts.filter((each) => !isSent(each))).toEqual([]);
});

function isText({ type = [], pattern = '', maxLength = Infinity, ...more }: Property): boolean {
  const isOneOf = ['format', 'enum', 'anyOf'].some((each) => each in more);
  return [type].flat().includes('string') && !isOneOf && maxLength >= TYPED.length && new RegExp(pattern).test(TYPED);
}

test('before it is erased it stands where it was put', async () => {
  expect(await tablesWith(shop.sql, MARK)).toEqual([
    ...['public.account_payments', 'public.commands', 'public.customers', 'public.gifts'],
    ...['public.issue_reservations', 'public.movements', 'public.sale_commands'],
  ]);
});

test('after it is erased it stands nowhere, and the books are whole', async () => {
  const [before, ofOthers] = [await figures(), await tablesWith(shop.sql, OTHERS)];
  expect(ofOthers).toEqual(['public.account_payments', 'public.commands', 'public.customers']);
  const asked = await asking();
  const lines: string[] = [];
  const log = pino({ level: 'silent' }, { write: (line) => lines.push(line) });
  const told = await erase({ ...shop.parts, log }, asked, { customerId, reason: 'asked by letter' });
  expect(told).toEqual({ outcome: 'erased' });
  expect(lines, 'whatever else is logged').toEqual([
    expect.stringMatching(/"erasure":"erased\..*a customer was erased/),
  ]);
  expect(await tablesWith(shop.sql, MARK)).toEqual([]);
  expect(await tablesWith(shop.sql, OTHERS)).toEqual(ofOthers);
  expect(await figures()).toEqual(before);
  const sale = await shop.get<{ sale: { returns: { reason: unknown }[] } }>('/sales/S-1');
  expect(sale.body.sale.returns.map(({ reason }) => reason)).toEqual([null]);
});

test('what is sent again gets its answer, and brings nothing back', async () => {
  for (const { path, body, key, status } of sent.filter((each) => each.key !== '')) {
    const again = await shop.post(path, body, { idempotencyKey: key });
    expect([path, again.status]).toEqual([path, status]);
  }
  expect(await tablesWith(shop.sql, MARK)).toEqual([]);
});

test('what is being recorded while a customer is erased is waited for, and has no text either', async () => {
  const { reference } = await shop.issue({ customerId: 'C-beside' });
  await until(async () => (await shop.sql`select from commands where reference = ${reference}`).length === 1);
  const details = { cause: 'staff', reason: 'typed' };
  const erasedAt = new Date().toISOString();
  const by = { caller: 'operator', staffId: null, shopId: shop.shopId };
  const erasure = { erasureId: 'beside', customerId: 'C-beside', erasedAt, reason: 'asked for', ...by };
  let erasing: Promise<unknown> = Promise.resolve();
  await shop.sql.begin(async (tx) => {
    await tx`
      insert into commands (reference, command_id, revision, kind, body_hash, outcome, rules, caller, shop_id,
                            decided_at, details)
      values (${reference}, 'beside', 2, 'freeze', 'x', 'accepted', 1, 'x', ${shop.shopId},
              now() - interval '1 minute', ${tx.json(details)})`;
    let standing = 'under way';
    erasing = eraseCustomer(shop.sql, erasure).finally(() => (standing = 'done'));
    await until(async () => {
      const waiting = await shop.sql`select from pg_locks where locktype = 'advisory' and not granted`;
      return waiting.length > 0 || standing === 'done';
    });
  });
  await erasing;
  const [row] = await shop.sql<{ details: object }[]>`
    select details from commands where reference = ${reference} and command_id = 'beside'`;
  expect(row?.details).toEqual({ cause: 'staff' });
});

test('a record that is repeated is no conflict, and brings nothing back', async () => {
  const last = new Map(batches.map((batch) => [batch.terms.reference, batch]));
  for (const batch of last.values()) await recordAgain(batch);
  expect(await tablesWith(shop.sql, MARK)).toEqual([]);
});

test('a payment that is made again from its books is what it was', async () => {
  for (const reference of references) {
    const booked = await findBooked(shop.sql, reference);
    const { body } = await shop.get<{ revision: number; balanceMinor: number }>(`/account-payments/${reference}`);
    const restored = booked && view(restore(booked.issue, booked.commands).payment, Date.now());
    expect(body).toMatchObject({ revision: restored?.revision, balanceMinor: restored?.balanceMinor });
  }
});

test('nobody changes a row of the books under the name of an erasure', async () => {
  const [reference] = references;
  const { sql } = shop;
  const ways = [
    sql`update movements set reason = 'another' where reference = ${reference ?? ''}`,
    sql`update movements set reason = null, amount_minor = 1 where reference = ${reference ?? ''} and sequence = 2`,
    sql`update commands set details = '{}' where reference = ${reference ?? ''}`,
    sql`update sale_commands set answer = '{}'`,
  ];
  for (const way of ways) await expect(way).rejects.toMatchObject({ code: '23000' });
  await expect(shop.parts.sql`select erase_texts('C-other', now())`).rejects.toMatchObject({ code: '42501' });
});

test('a backup that is put back is erased again from what was kept of it outside', async () => {
  const [erasure] = await listErasures(shop.sql);
  if (!erasure) throw new Error('nothing was erased');
  const kept = `{"level":"warn","erasure":"${tokenOf(erasure)}","msg":"a customer was erased"}\n`;
  const [reference] = references;
  const ofPayment = batches.filter(({ terms }) => terms.reference === reference);
  await shop.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`delete from customer_erasures`;
    for (const table of ['movements', 'commands', 'account_payments'])
      await tx`delete from ${tx(table)} where reference = ${reference ?? ''}`;
  });
  await changeContacts(shop.sql, { customerId, name: MARK, phone: null, email: null }, null);
  for (const batch of ofPayment) await recordAgain(batch);
  expect(await tablesWith(shop.sql, MARK)).toContain('public.movements');

  expect(await eraseAgain(shop.sql, kept)).toEqual({ erased: 1, unknown: 0 });
  expect(await tablesWith(shop.sql, MARK)).toEqual([]);
  await changeContacts(shop.sql, { customerId, name: `${MARK} again`, phone: null, email: null }, null);
  expect(await eraseAgain(shop.sql, kept + kept)).toEqual({ erased: 1, unknown: 0 });
  expect(await tablesWith(shop.sql, MARK)).toEqual(['public.customers']);
});

test('what was decided before and comes to the books only now comes without its text', async () => {
  const [, reference] = references;
  const ofPayment = batches.filter(({ terms }) => terms.reference === reference);
  await shop.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const table of ['movements', 'commands', 'account_payments'])
      await tx`delete from ${tx(table)} where reference = ${reference ?? ''}`;
  });
  for (const batch of ofPayment) await recordAgain(batch);
  expect(await tablesWith(shop.sql, MARK)).toEqual(['public.customers']);
  const rows = await shop.sql`select from commands where reference = ${reference ?? ''}`;
  expect(rows.length).toBe(ofPayment.flatMap(({ records }) => records).length);
});

test('payments that are lost with their reservations come back from their histories without text', async () => {
  const ofCustomer = batches.filter(({ terms }) => terms.customerId === customerId);
  const lost = [...new Set(ofCustomer.map(({ terms }) => terms.reference))];
  await shop.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const table of ['movements', 'commands', 'account_payments', 'issue_reservations'])
      await tx`delete from ${tx(table)} where reference = any(${lost})`;
  });
  for (const reference of lost) await rerecordPayment(shop, reference);
  for (const reference of lost) {
    const issue = await readIssue(shop.client, reference);
    expect(issue && (await putBackReservation(shop.sql, issue)), reference).toBe(true);
  }
  expect(await tablesWith(shop.sql, MARK)).toEqual(['public.customers']);
  const rows = await shop.sql`select from commands where reference = any(${lost})`;
  expect(rows.length).toBe(new Set(ofCustomer.flatMap(({ records }) => records.map((each) => each.commandId))).size);
});

test('what came back past the triggers is taken by the same erasure once more, and nothing that is new', async () => {
  const [erasure] = await listErasures(shop.sql);
  if (!erasure) throw new Error('nothing was erased');
  const { reference } = await shop.issue({ customerId });
  const frozen = await shop.post(`/account-payments/${reference}/freeze`, { reason: `${OTHERS} since` });
  expect(frozen.status).toBe(200);
  await shop.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`update movements set reason = ${MARK} where reference = ${references[0] ?? ''}`;
  });
  expect(await tablesWith(shop.sql, MARK)).toContain('public.movements');
  expect(await eraseAgain(shop.sql, tokenOf(erasure))).toEqual({ erased: 1, unknown: 0 });
  expect(await tablesWith(shop.sql, MARK)).toEqual(['public.customers']);
  const kept = await shop.sql`select from commands where reference = ${reference} and details::text like '%since%'`;
  expect(kept.length).toBe(1);
});

test('of what is long over the notes and the words of gifts go, and of what is still of use they stay', async () => {
  const notes = 'old words';
  const over = await shop.issue({ customerId: 'C-old', notes });
  const open = await shop.issue({ customerId: 'C-old', notes });
  const cancelling = { customerId: 'C-old', disposition: 'issued_in_error', reason: 'mistyped' };
  await shop.post(`/account-payments/${over.reference}/cancel`, cancelling);
  const notesOf = async () => {
    const rows = await shop.sql<{ reference: string }[]>`select reference from account_payments where notes = ${notes}`;
    return rows.map(({ reference }) => reference).sort();
  };
  await until(async () => (await notesOf()).length === 2);
  expect(await eraseOldWords(shop.parts.sql, '2020-01-01T00:00:00.000Z')).toBe(0);
  expect(await eraseOldWords(shop.parts.sql, new Date(Date.now() + 1_000).toISOString())).toBe(1);
  expect(await notesOf()).toEqual([open.reference]);
});

async function recordAgain(batch: Batch): Promise<void> {
  await recordReserved(shop.parts.sql, batch, { workflowId: batch.terms.reference, runId: 'again' });
}

async function asking() {
  const of = await findShop(shop.sql, shop.shopId);
  if (!of) throw new Error('there is no shop');
  const who = { caller: 'manager-1', role: 'manager', shop: of, staffId: undefined } as const;
  return { who, requestId: 'e'.repeat(43), requestHash: 'e', async: 'answer', waitMs: 0 } as const;
}

/** All that the books count. */
async function figures(): Promise<unknown> {
  return shop.sql`
    select reference, sequence, command_id, kind, amount_minor, balance_after_minor, sale_id, caller from movements
     order by reference, sequence`;
}

async function fillEveryText(): Promise<void> {
  const { sql } = shop;
  const put = async (method: 'PUT' | 'PATCH', path: string, body: Readonly<Record<string, unknown>>) => {
    expect((await shop.request(method, path, { body })).status).toBeLessThan(300);
    sent.push({ path, body, key: '', status: 200 });
  };
  const say = async <Body = unknown>(
    path: string,
    body: Readonly<Record<string, unknown>>,
    status = 200,
  ): Promise<Reply<Body>> => {
    const key = randomUUID();
    const reply = await shop.post<Body>(path, body, { idempotencyKey: key, headers: { Prefer: 'wait=10' } });
    expect([path, reply.status, reply.body]).toEqual([path, status, reply.body]);
    sent.push({ path, body, key, status });
    return reply;
  };
  const reason = `${MARK} said so`;
  const told = { againstLawBecause: reason };
  // Before a key is looked up, which is believed for a minute: a law with a word on gifts that expire.
  await updateShop(sql, shop.shopId, { jurisdiction: 'US-CA' });
  await shop.request('PUT', '/customers/C-friend', { body: { name: OTHERS } });
  const ofFriend = await shop.issue({ customerId: 'C-friend', notes: OTHERS });
  await shop.post(`/account-payments/${ofFriend.reference}/freeze`, { reason: `${OTHERS} asked` });
  await put('PUT', `/customers/${customerId}`, { name: MARK });
  const [known] = await sql<
    { updatedAt: string }[]
  >`select updated_at from customers where customer_id = ${customerId}`;
  const contacts = { customerId, name: MARK, phone: '030 1234567', email: `${MARK}@example.com` };
  expect(await changeContacts(sql, contacts, known?.updatedAt ?? null)).toBe('changed');

  const issue = async () => {
    const wanted = { customerId, type: 'generic', purpose: 'deposit', amountMinor: 10_000, currency: 'EUR' };
    const { body } = await say<{ payment: { reference: string } }>(
      '/account-payments',
      { ...wanted, notes: MARK },
      201,
    );
    references.push(body.payment.reference);
    return body.payment.reference;
  };
  const one = await issue();
  const other = await issue();
  const money = (amountMinor: number) => ({ customerId, amountMinor, currency: 'EUR' });
  await put('PATCH', `/account-payments/${one}`, { notes: `${MARK} again` });
  await shop.post(`/account-payments/${one}/apply`, { ...money(500), saleId: 'S-2' });
  await say(`/account-payments/${one}/refund`, { ...money(100), saleId: 'S-2', reason });
  await say(`/account-payments/${one}/refund`, { ...money(9_000), saleId: 'S-2', reason }, 409);
  await say(`/account-payments/${one}/pay-out`, { ...money(100), tender: 'cash', reason, ...told });
  await say(`/account-payments/${one}/freeze`, { reason });
  await say(`/account-payments/${one}/thaw`, { reason });
  await say(`/account-payments/${one}/reissue`, { customerId, reason }, 201);
  const sale = { customerId, currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 500 }] };
  const settled = { ...sale, payments: [{ reference: other, amountMinor: 500 }] };
  expect((await shop.post('/sales/S-1/settle', settled)).status).toBe(200);
  // By line: what the database generates of a row is no part of it that is changed.
  await say('/sales/S-1/return', { ...sale, lines: [{ productId: 'bike', amountMinor: 100 }], reason });
  // Of a single apply, without a basket: the sale knows no customer.
  await shop.post(`/account-payments/${other}/apply`, { ...money(500), saleId: 'S-3' });
  await say('/sales/S-3/return', { currency: 'EUR', amountMinor: 100, reason });
  await say('/gifts', { ...money(100), reference: other, toCustomerId: 'C-friend', message: MARK, reason }, 201);
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const limited = await shop.issue({ customerId, expiresAt });
  const later = { customerId, expiresAt: '2040-01-01T00:00:00Z' };
  await say(`/account-payments/${limited.reference}/extend`, { ...later, reason, ...told });
  await say(`/account-payments/${limited.reference}/expire`, { reason });
  await say(`/account-payments/${limited.reference}/reinstate`, { customerId, reason, ...told }, 201);
  const paidOut = { customerId, disposition: 'paid_out', tender: 'cash' };
  await say(`/account-payments/${other}/cancel`, { ...paidOut, reason, ...told });
  const gift = { customerId, type: 'generic', purpose: 'gift', amountMinor: 5_000, currency: 'EUR' };
  const { body } = await say<{ payment: { reference: string }; warnings: unknown[] }>(
    '/account-payments',
    { ...gift, validThrough: '2040-01-01', ...told },
    201,
  );
  expect(body.warnings).toHaveLength(1);
  references.push(body.payment.reference);
  await say(`/account-payments/${body.payment.reference}/expire`, { reason: 'agreed', ...told });
}
