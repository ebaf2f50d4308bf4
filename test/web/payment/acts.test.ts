import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { StaffRole } from '../../../domain/staff.js';
import { actNames, type ActName } from '../../../web/payment/act/asked.js';
import { openPages, type Seen, type Typed } from '../../support/pages.js';
import { openShop, until, type Shop } from '../../support/shop.js';
import { fieldsOf, shownState, toldBefore } from './asStaff.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
beforeAll(async () => {
  shop = await openShop();
  pages = openPages(shop);
});
afterAll(() => shop.close());

const at = (reference: string, act?: ActName) => `/account-payments/${reference}${act ? `/${act}` : ''}`;
const api = (reference: string, call: string, body: object) =>
  shop
    .post(`/account-payments/${reference}/${call}`, body)
    .then((reply) => expect(reply).toMatchObject({ status: 200 }));
const spend = (reference: string, saleId = 'S-1', amountMinor = 2_500) =>
  api(reference, 'apply', { customerId: 'C-1', amountMinor, currency: 'EUR', saleId });
const cancel = (reference: string, disposition: string) =>
  api(reference, 'cancel', { customerId: 'C-1', disposition, reason: 'x' });

type Case = {
  readonly does: string;
  readonly act: ActName;
  readonly before?: (reference: string) => Promise<unknown>;
  readonly issued?: Record<string, unknown>;
  readonly typed: Typed;
  readonly tells: readonly string[];
  readonly tone?: 'amber';
  readonly after: Partial<AccountPaymentView>;
  readonly history: string;
};

const reason = 'asked <b>twice</b>';
const cases: readonly Case[] = [
  {
    does: 'a refund',
    act: 'refund',
    before: spend,
    typed: { amount: '10.00', reason },
    tells: ['€10.00 of sale S-1 goes back', 'becomes €85.00; now it is €75.00'],
    after: { balanceMinor: 8_500 },
    history: 'Given back +€10.00',
  },
  {
    does: 'an extension to a day',
    act: 'extend',
    issued: { validThrough: '2040-01-01' },
    typed: { until: 'day', validThrough: '2040-06-30', reason },
    tells: ['good through: 30 Jun 2040. Until now: 1 Jan 2040', 'stays €100.00'],
    after: { expiresAt: '2040-06-30T22:00:00.000Z' },
    history: 'Extended',
  },
  {
    does: 'an extension for ever',
    act: 'extend',
    issued: { validThrough: '2040-01-01' },
    typed: { until: 'never', reason },
    tells: ['good through: without end'],
    after: { expiresAt: null },
    history: 'Extended',
  },
  {
    does: 'a pay-out',
    act: 'pay-out',
    typed: { amount: '10', tender: 'cash', reason },
    tells: ['€10.00 is handed out', 'as: cash', 'becomes €90.00'],
    after: { balanceMinor: 9_000 },
    history: 'Paid out -€10.00',
  },
  {
    does: 'a freeze',
    act: 'freeze',
    typed: { reason },
    tells: ['Nothing new can be spent of its €100.00'],
    after: { frozenCauses: ['staff'] },
    history: 'Frozen',
  },
  {
    does: 'a thaw',
    act: 'thaw',
    before: (reference) => api(reference, 'freeze', { reason: 'x' }),
    typed: { reason },
    tells: ['€100.00 can be spent again'],
    after: { frozenCauses: [] },
    history: 'Thawed',
  },
  {
    does: 'a cancellation that pays out',
    act: 'cancel',
    typed: { disposition: 'paid_out', tender: 'card', reason },
    tells: ['€100.00 is handed out', 'as: card', 'It ends with that'],
    after: { status: 'cancelled', balanceMinor: 0 },
    history: 'Cancelled -€100.00',
  },
  {
    does: 'a cancellation that forfeits',
    act: 'cancel',
    before: spend,
    typed: { disposition: 'forfeited', reason },
    tells: ['The customer loses money', '€75.00 is forfeited'],
    tone: 'amber',
    after: { status: 'cancelled', endedBalanceMinor: 7_500 },
    history: 'Cancelled -€75.00',
  },
  {
    does: 'a cancellation that remits',
    act: 'cancel',
    typed: { disposition: 'remitted', reason },
    tells: ['€100.00 is remitted to the state'],
    after: { status: 'cancelled' },
    history: 'Cancelled -€100.00',
  },
  {
    does: 'a cancellation of an error, frozen as it is',
    act: 'cancel',
    before: (reference) => api(reference, 'freeze', { reason: 'x' }),
    typed: { disposition: 'issued_in_error', reason },
    tells: ['€100.00 is taken off'],
    after: { status: 'cancelled' },
    history: 'Cancelled -€100.00',
  },
  {
    does: 'an expiry by hand',
    act: 'expire',
    typed: { reason },
    tells: ['The customer loses money', '€100.00 is forfeited: it expires now'],
    tone: 'amber',
    after: { status: 'expired', endedBalanceMinor: 10_000 },
    history: 'Expired by hand -€100.00',
  },
];

test.each(cases)('$does: told in money, done once, and shown at the next request', async (each) => {
  const { act, before, issued, typed, tells, tone, after, history } = each;
  const { reference } = await shop.issue(issued);
  await before?.(reference);
  const unchanged = await shownState(shop, reference);

  const told = await toldBefore(pages, at(reference, act), typed);
  expect(told.status, told.text).toBe(200);
  for (const words of tells) expect(told.text).toContain(words);
  expect(told.root.querySelector('main .amber') === null ? undefined : 'amber').toBe(tone);
  expect(await shownState(shop, reference)).toEqual(unchanged);

  const sent = { ...fieldsOf(told), step: 'do' };
  const done = await pages.post(at(reference, act), sent);
  expect(done.status, done.text).toBe(303);
  expect(await shownState(shop, reference)).toMatchObject(after);
  const next = await pages.get(done.location ?? '');
  expect(next.text).toContain('Done, and in the books.');
  const [entry] = next.root.querySelectorAll('.timeline li.just');
  expect(entry?.structuredText.replace(/\s+/g, ' ')).toContain(history);
  expect(entry?.text).toContain(reason);

  const again = await pages.post(at(reference, act), sent);
  expect(again.status, again.text).toBe(303);
  expect((await pages.get(again.location ?? '')).text).toContain('This had been done before.');
  const { revision } = await shownState(shop, reference);
  expect(revision).toBe(unchanged.revision + 1);
});

test('a gift goes to whom was meant, by number or by name, and both payments say so', async () => {
  await shop.request('PUT', '/customers/C-2', { body: { name: 'Bea Müller' } });
  await shop.request('PUT', '/customers/C-3', { body: { name: 'Ben Müller' } });
  const { reference } = await shop.issue();
  const path = at(reference, 'give');
  const gift = { amount: '25.00', message: 'Happy <i>birthday</i>', reason: 'rang <b>us</b> up' };
  const several = await toldBefore(pages, path, { ...gift, to: 'muller' });
  expect(several.status).toBe(422);
  expect(several.text).toContain('Choose which customer is meant.');
  expect(several.root.querySelectorAll('input[name=toCustomerId]').map((each) => each.getAttribute('value'))).toEqual([
    'C-2',
    'C-3',
    'muller',
  ]);
  const told = await pages.post(path, { ...fieldsOf(several), toCustomerId: 'C-2', step: 'confirm' });
  expect(told.text).toContain('€25.00 goes to Bea Müller (C-2)');
  expect(told.text).toContain('becomes €75.00');
  const done = await pages.post(path, { ...fieldsOf(told), step: 'do' });
  expect(done.status, done.text).toBe(303);
  const giver = await pages.get(done.location ?? '');
  expect(giver.text).toContain('Done, and in the books.');
  expect(giver.root.querySelectorAll('.timeline .reason').map((each) => each.text.trim())).toEqual([gift.reason]);
  const link = giver.root.querySelectorAll('.facts a.reference').map((each) => each.getAttribute('href'))[0] ?? '';
  const given = await pages.get(link);
  expect(given.text).toContain('Given from');
  expect(given.text).toContain(reference);
  expect(given.root.querySelector('q')?.text).toBe('Happy <i>birthday</i>');
  expect(given.text).not.toContain('rang');
  expect(await shownState(shop, link.split('/').at(-1) ?? '')).toMatchObject({
    customerId: 'C-2',
    balanceMinor: 2_500,
  });
  for (const [to, error] of [
    ['C-1', 'A gift goes to another customer.'],
    ['nobody@example.com', 'No customer has this name or number.'],
  ] as const)
    expect((await toldBefore(pages, path, { ...gift, to })).text).toContain(error);
  expect((await toldBefore(pages, path, { ...gift, to: 'C-777' })).text).toContain('No name is known for customer');
  const unreasoned = await toldBefore(pages, path, { ...gift, to: 'C-2', reason: '' });
  expect([unreasoned.status, unreasoned.root.querySelector('#reason-error') !== null]).toEqual([422, true]);
});

test('what has expired is reinstated once, as a new payment that names the old one', async () => {
  const { reference } = await shop.issue();
  await api(reference, 'expire', { reason: 'x' });
  const path = at(reference, 'reinstate');
  const told = await toldBefore(pages, path, { until: 'day', validThrough: '2041-05-01', reason: 'in hospital' });
  expect(told.text).toContain('€100.00 is issued again');
  expect(told.text).toContain('1 May 2041');
  const sent = { ...fieldsOf(told), step: 'do' };
  const done = await pages.post(path, sent);
  expect(done.status, done.text).toBe(303);
  const fresh = await pages.get(done.location ?? '');
  expect(fresh.text).toContain('Done, and in the books.');
  expect(fresh.text).toContain(`In place of ${reference} reinstated`);
  expect((await pages.get(at(reference))).text).toContain('Issued in its place');
  expect((await pages.post(path, sent)).status).toBe(303);
  const second = await pages.get(path);
  expect(second.status).toBe(409);
  expect(second.text).toContain('was issued again already');
});

const offeredIn: readonly [state: string, (reference: string) => Promise<unknown>, ActName[]][] = [
  ['new', () => Promise.resolve(), ['extend', 'pay-out', 'give', 'freeze', 'cancel', 'expire']],
  ['spent from', spend, ['refund', 'extend', 'pay-out', 'give', 'freeze', 'cancel', 'expire']],
  ['used up', (reference) => spend(reference, 'S-1', 10_000), ['refund', 'extend']],
  ['frozen', (reference) => api(reference, 'freeze', { reason: 'x' }), ['extend', 'thaw', 'cancel', 'expire']],
  ['held', hold, ['extend', 'pay-out', 'give', 'freeze']],
  ['expired', (reference) => api(reference, 'expire', { reason: 'x' }), ['reinstate']],
  ['forfeited', (reference) => cancel(reference, 'forfeited'), ['reinstate']],
  ['issued in error', (reference) => cancel(reference, 'issued_in_error'), []],
];

function hold(reference: string) {
  const target = { customerId: 'C-1', saleId: 'S-held', saleShopId: shop.shopId };
  return shop.tell(reference, 'hold', {
    commandId: 'h',
    ...target,
    amountMinor: 600,
    currency: 'EUR',
    lifetimeMs: 3_600_000,
  });
}

test.each(offeredIn)('of a payment that is %s only what is possible is offered', async (_, make, names) => {
  const { reference } = await shop.issue({ validThrough: '2040-01-01' });
  await make(reference);
  const linked = async (as: StaffRole) =>
    (await pages.get(at(reference), { as })).root
      .querySelectorAll('nav.acts a[href^="/account-payments/"]')
      .map((each) => each.getAttribute('href')?.split('/').at(-1));
  for (const as of ['manager', 'cashier', 'admin'] as const)
    expect((await linked(as)).filter((act) => act !== 'freeze' || as !== 'admin' || names.includes('freeze'))).toEqual(
      names,
    );
  expect(await linked('finance')).toEqual([]);
  for (const act of actNames)
    expect((await pages.get(at(reference, act))).status, act).toBe(names.includes(act) ? 200 : 409);
});

const wrong: readonly [does: string, act: ActName, Typed, error: string, field: string][] = [
  ['no reason', 'expire', { reason: ' ' }, '“Reason” has to be filled in.', 'reason'],
  ['a long reason', 'freeze', { reason: '🎁'.repeat(501) }, 'This text is too long', 'reason'],
  ['no amount', 'pay-out', { amount: 'ten', tender: 'cash', reason: 'x' }, 'Type an amount such as 10.50.', 'amount'],
  ['no tender', 'pay-out', { amount: '1', reason: 'x' }, '“Paid out as” has to be filled in.', 'tender'],
  ['too much', 'pay-out', { amount: '100.01', tender: 'cash', reason: 'x' }, 'Available: €100.00.', 'amount'],
  ['no tender of what is paid out', 'cancel', { disposition: 'paid_out', reason: 'x' }, 'filled in', 'tender'],
  ['no disposition', 'cancel', { reason: 'x' }, '“What becomes of the rest?” has to be filled in.', 'disposition'],
  ['a day gone by', 'extend', { validThrough: '2020-01-01', reason: 'x' }, 'has to lie in the future', 'validThrough'],
  ['an earlier day', 'extend', { validThrough: '2039-01-01', reason: 'x' }, 'only be moved to a later', 'validThrough'],
  ['no such day', 'extend', { validThrough: '2040-02-31', reason: 'x' }, 'This is no day', 'validThrough'],
];

test.each(wrong)('%s: told beside the field, with what was typed', async (_, act, typed, error, field) => {
  const { reference } = await shop.issue({ validThrough: '2040-01-01' });
  const { revision } = await shownState(shop, reference);
  const again = await toldBefore(pages, at(reference, act), typed);
  expect(again.status, again.text).toBe(422);
  expect(again.root.querySelector(`.summary a[href="#${field}"]`)?.text).toContain(error);
  expect(again.root.querySelector(`#${field}-error`)?.text).toContain(error);
  expect(fieldsOf(again)).toMatchObject(
    Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, String(value).trim()])),
  );
  expect((await shownState(shop, reference)).revision).toBe(revision);
});

test('what the rules refuse is told with what was typed, and stands in the history', async () => {
  const { reference } = await shop.issue();
  const typed = { amount: '100.01', tender: 'cash', reason: 'wants all of it', formKey: randomUUID() };
  const refused = await pages.post(at(reference, 'pay-out'), typed);
  expect(refused.status).toBe(422);
  expect(refused.root.querySelector('#amount-error')?.text).toBe(
    'The available balance is smaller than that. Available: €100.00.',
  );
  expect(fieldsOf(refused)).toMatchObject({ amount: '100.01', tender: 'cash', reason: 'wants all of it' });
  expect(fieldsOf(refused)['formKey']).not.toBe(typed.formKey);
  const entry = await until(
    async () => (await pages.get(at(reference))).root.querySelector('.timeline li.refused') ?? undefined,
  );
  for (const words of ['The available balance is smaller than that.', 'for €100.01', 'wants all of it'])
    expect(entry?.structuredText).toContain(words);
});

test('nobody loses more than was on the page that they said yes to', async () => {
  const { reference } = await shop.issue();
  const told = await toldBefore(pages, at(reference, 'cancel'), { disposition: 'forfeited', reason: 'x' });
  await spend(reference);
  const changed = await pages.post(at(reference, 'cancel'), { ...fieldsOf(told), step: 'do' });
  expect(changed.status).toBe(409);
  expect(changed.text).toContain('The balance has changed meanwhile');
  expect(changed.text).toContain('€75.00 is forfeited');
  expect(await shownState(shop, reference)).toMatchObject({ status: 'active', balanceMinor: 7_500 });
  expect((await pages.post(at(reference, 'cancel'), { ...fieldsOf(changed), step: 'do' })).status).toBe(303);
});

const typedFor: Readonly<Record<Exclude<ActName, 'reinstate'>, Typed>> = {
  refund: { amount: '1', reason: 'x' },
  extend: { until: 'never', reason: 'x' },
  'pay-out': { amount: '1', tender: 'cash', reason: 'x' },
  give: { to: 'C-2', amount: '1', reason: 'x' },
  freeze: { reason: 'x' },
  thaw: { reason: 'x' },
  cancel: { disposition: 'forfeited', reason: 'x' },
  expire: { reason: 'x' },
  reissue: { reason: 'x' },
};

/** As the books would have it after some ten thousand commands, past the check that none is missing before it. */
function wearOut(reference: string) {
  return shop.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`
      insert into commands (reference, command_id, revision, kind, body_hash, outcome, caller, decided_at, shop_id,
                            rules, recorded_at, booked_on)
      select reference, 'worn', 40000, 'apply', body_hash, 'payment_worn_out', caller, decided_at, shop_id, rules,
             recorded_at, booked_on
        from commands where reference = ${reference} and revision = 1`;
  });
}

test('what is worn out is issued anew whole, and says where it is now', async () => {
  const { reference } = await shop.issue({ validThrough: '2040-01-01' });
  expect((await pages.get(at(reference, 'reissue'))).text).toContain('It still takes what is asked of it.');
  await spend(reference);
  await wearOut(reference);
  expect((await pages.get(at(reference))).root.querySelector('nav.acts')?.text).toContain('Reissue');
  const told = await toldBefore(pages, at(reference, 'reissue'), { reason: 'too many small sales' });
  expect(told.text).toContain('€75.00 is issued again');
  const sent = { ...fieldsOf(told), step: 'do' };
  const done = await pages.post(at(reference, 'reissue'), sent);
  expect(done.status, done.text).toBe(303);
  const fresh = await pages.get(done.location ?? '');
  expect(fresh.text).toContain(`In place of ${reference}`);
  expect(fresh.text).toContain('€75.00 of €75.00 left');
  expect(fresh.text).toContain('1 Jan 2040');
  expect(await shownState(shop, reference)).toMatchObject({ status: 'cancelled', endedBalanceMinor: 7_500 });
  expect((await pages.post(at(reference, 'reissue'), sent)).location).toBe(`${done.location}&again=yes`);
});

test.each(Object.entries(typedFor).filter(([act]) => act !== 'refund') as [ActName, Typed][])(
  'a cashier may not %s, unless a manager signs it',
  async (act, typed) => {
    const { reference } = await shop.issue({ validThrough: '2040-01-01' });
    if (act === 'thaw') await api(reference, 'freeze', { reason: 'x' });
    if (act === 'reissue') await wearOut(reference);
    const { revision } = await shownState(shop, reference);
    const told = await toldBefore(pages, at(reference, act), typed, { as: 'cashier' });
    expect(told.root.querySelector('fieldset.signature input[type=password]')).not.toBeNull();
    const sent = { ...fieldsOf(told), step: 'do' };
    const signature = await pages.signature();
    const attempts: [Typed, string][] = [
      [{}, 'Your role does not reach for this.'],
      [{ ...signature, signature: 'not it' }, 'The name or the password of the manager is wrong.'],
      [await pages.signature('cashier'), 'This person may not sign that.'],
    ];
    for (const [signed, error] of attempts) {
      const refused = await pages.post(at(reference, act), { ...sent, ...signed }, { as: 'cashier' });
      expect(refused.status).toBe(403);
      expect(refused.text).toContain(error);
      expect(refused.root.querySelector('input[type=password]')?.getAttribute('value')).toBeUndefined();
      expect(fieldsOf(refused)).toMatchObject(typed);
    }
    const byHand = await pages.post(at(reference, act), typed, { as: 'cashier' });
    expect(byHand.status).toBe(403);
    expect((await shownState(shop, reference)).revision).toBe(revision);
    const done = await pages.post(at(reference, act), { ...sent, ...signature }, { as: 'cashier' });
    expect(done.status, done.text).toBe(303);
    const { text } = await pages.get(done.location ?? '', { as: 'cashier' });
    expect(text).toContain('manager, for cashier');
    expect(text).not.toContain(signature['signature']);
  },
);

test('a cashier gives back what a sale took; somebody of finance does not', async () => {
  const { reference } = await shop.issue();
  await spend(reference);
  const path = `${at(reference, 'refund')}?sale=${shop.shopId}/S-1`;
  const told = await toldBefore(pages, path, { amount: '5', reason: 'x' }, { as: 'cashier' });
  expect(told.root.querySelector('fieldset.signature')).toBeNull();
  const sent = { ...fieldsOf(told), step: 'do' };
  expect((await pages.post(at(reference, 'refund'), sent, { as: 'finance' })).status).toBe(403);
  expect((await pages.post(at(reference, 'refund'), sent, { as: 'cashier' })).status).toBe(303);
  const tooMuch = await toldBefore(pages, path, { amount: '20.01', reason: 'x' }, { as: 'cashier' });
  expect(tooMuch.status).toBe(422);
  const unseen = await pages.post(at(reference, 'refund'), {
    sale: `${shop.shopId}/S-1`,
    amount: '20.01',
    reason: 'x',
  });
  expect(unseen.status).toBe(422);
  expect(unseen.text).toContain('At most €20.00.');
});

test('only an admin freezes and thaws for what the books say', async () => {
  const { reference } = await shop.issue();
  const typed = { cause: 'reconciliation', reason: 'x' };
  expect((await pages.post(at(reference, 'freeze'), typed)).status).toBe(403);
  expect((await pages.post(at(reference, 'freeze'), typed, { as: 'admin' })).status).toBe(303);
  expect((await pages.get(at(reference))).text).toContain('by a reconciliation');
  expect((await pages.get(at(reference, 'thaw'))).status).toBe(409);
  expect((await pages.get(at(reference, 'thaw'), { as: 'admin' })).status).toBe(200);
});

test('a form goes back to be changed with what was typed, and says in German what will happen', async () => {
  const german = { headers: { 'Accept-Language': 'de-DE' } };
  const { reference } = await shop.issue();
  const path = at(reference, 'pay-out');
  const told = await toldBefore(pages, path, { amount: '1.234,5', tender: 'cash', reason: 'x' }, german);
  expect(told.text).toContain('So viel ist nicht verfügbar. Verfügbar: 100,00 €.');
  const right = await pages.post(path, { ...fieldsOf(told), amount: '12,50', step: 'confirm' }, german);
  expect(right.text).toContain('12,50 € werden dem Kunden ausgezahlt, als: bar.');
  expect(right.text).toContain('Der neue Stand ist 87,50 €');
  const back = await pages.post(path, { ...fieldsOf(right), step: 'edit' }, german);
  expect(back.status).toBe(200);
  expect(fieldsOf(back)).toMatchObject({ amount: '12,50', tender: 'cash', reason: 'x' });
});

test.each([
  '/account-payments/ACC-20200101-00000000/cancel',
  '/account-payments/nothing/cancel',
  '/account-payments/ACC-20200101-00000000/burn',
])('nothing is at %s', async (path) => {
  const answers: Seen[] = [await pages.get(path), await pages.post(path, { step: 'confirm', reason: 'x' })];
  for (const { status } of answers) expect(status).toBe(404);
});
