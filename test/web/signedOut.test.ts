import { randomUUID } from 'node:crypto';
import { parse, type HTMLElement } from 'node-html-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StaffRole } from '../../domain/staff.js';
import { OutcomeUnknown } from '../../service/temporal.js';
import { createPages } from '../../web/createPages.js';
import { FORM_KEY, PASSWORDS, SIGNATURE, TYPED_BEFORE } from '../../web/http/form.js';
import { openPages, type Typed } from '../support/pages.js';
import { routesOf } from '../support/routes.js';
import { openShop, type Shop } from '../support/shop.js';
import { sell } from './sale/selling.js';

let shop: Shop;
/** Pages whose new payments and commands are carried out, and never answered. */
let unheard: ReturnType<typeof createPages>;
let reference: string;
let saleId: string;
let heldSaleId: string;
let holdId: string;
beforeAll(async () => {
  shop = await openShop();
  const { actors } = shop.parts;
  const unanswered = async (doing: Promise<unknown>): Promise<never> => {
    await doing;
    throw new OutcomeUnknown('no answer in time');
  };
  const start: typeof actors.start = (...asked) => unanswered(actors.start(...asked));
  const command: typeof actors.command = (...asked) => unanswered(actors.command(...asked));
  const parts = { ...shop.parts, actors: { ...actors, start, command } };
  unheard = createPages({ ...parts, desk: shop.desk, publicUrl: undefined, temporalUiUrl: undefined });
  ({ reference } = await shop.issue({ amountMinor: 9_000 }));
  ({ saleId } = await sell(shop, 'settle', [[reference, 4_000]]));
  ({ saleId: heldSaleId, holdId } = await sell(shop, 'hold', [[reference, 1_500]]));
});
afterAll(() => shop.close());

type Answer = {
  readonly status: number;
  readonly location: string | null;
  readonly cookie: string;
  readonly root: HTMLElement;
};

type Sending = { readonly cookie?: string; readonly app?: Pick<Shop['app'], 'request'> };

/** Sends a form as a browser without scripts does, under this cookie or none. */
async function send(path: string, typed: Typed, { cookie = '', app = shop.app }: Sending = {}) {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(typed)) for (const each of [value].flat()) body.append(name, each);
  const headers = {
    Origin: 'http://localhost',
    'Content-Type': 'application/x-www-form-urlencoded',
    'Accept-Language': 'en-GB',
    Cookie: cookie,
  };
  const response = await app.request(path, { method: 'POST', headers, body: body.toString() });
  const cookies = response.headers.getSetCookie().map((each) => each.split(';')[0]);
  const answer: Answer = {
    status: response.status,
    location: response.headers.get('Location'),
    cookie: cookies.filter((each) => !each?.endsWith('=')).join('; '),
    root: parse(await response.text()),
  };
  return answer;
}

/** What the forms of a page would send, less what no button was pressed for. */
function fieldsOf(root: HTMLElement): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  const add = (name: string | undefined, value: string) => name !== undefined && (fields[name] ??= []).push(value);
  for (const input of root.querySelectorAll('main form input')) {
    const { name, type = 'text', value = '' } = input.attributes;
    if (!['radio', 'checkbox'].includes(type) || input.hasAttribute('checked')) add(name, value);
  }
  for (const area of root.querySelectorAll('main form textarea')) add(area.getAttribute('name'), area.text.trim());
  for (const option of root.querySelectorAll('main form option[selected]'))
    add(option.closest('select')?.getAttribute('name'), option.getAttribute('value') ?? '');
  return fields;
}

/** Fills in the page of signing in that came in the place of an answer, as its browser would send it. */
async function signInOver({ root }: Answer, as: StaffRole): Promise<Answer> {
  const form = root.querySelector('main form');
  const { username, password } = await shop.staffMember(as);
  return send(form?.getAttribute('action') ?? '', { ...fieldsOf(root), username, password });
}

/** What somebody typed whose session had ended; and who signs in then, when it is somebody else. */
type Form = { readonly path: () => string; readonly typed: () => Typed; readonly as: StaffRole };
const forms: Readonly<Record<string, Form>> = {
  'POST /account-payments/new': {
    path: () => '/account-payments/new',
    typed: () => ({
      newName: 'Ada Lovelace',
      newPhone: '030 12',
      notes: 'by the door\nleft',
      amount: '12',
      type: 'generic',
    }),
    as: 'cashier',
  },
  'POST /account-payments/:reference/:act': {
    path: () => `/account-payments/${reference}/pay-out`,
    typed: () => ({ amount: '3.10', tender: 'cash', reason: 'Ada asked for it', step: 'confirm' }),
    as: 'manager',
  },
  'POST /account-payments/:reference/notes': {
    path: () => `/account-payments/${reference}/notes`,
    typed: () => ({ notes: `first line\n${'x'.repeat(1_900)}` }),
    as: 'manager',
  },
  'POST /customers/:customerId/contacts': {
    path: () => '/customers/C-1/contacts',
    typed: () => ({ name: 'Ada Lovelace', phone: '030 12', email: 'ada@example.com' }),
    as: 'cashier',
  },
  'POST /customers/:customerId/erase': {
    path: () => '/customers/C-1/erase',
    typed: () => ({ reason: 'she asked for it' }),
    as: 'manager',
  },
  'POST /till': {
    path: () => '/till',
    typed: () => ({
      customerId: 'C-1',
      line: ['3000 bike', '500 lock'],
      saleId: 'S-1',
      product: 'Lastenrad',
      amount: '7',
    }),
    as: 'cashier',
  },
  'POST /sales/:saleId/return': {
    path: () => `/sales/${saleId}/return`,
    typed: () => ({ extent: 'amount', amount: '1.50', kept: '0.20', reason: 'scratched', step: 'preview' }),
    as: 'cashier',
  },
  'POST /held/let-go': {
    path: () => '/held/let-go',
    typed: () => ({ shop: shop.shopId, sale: heldSaleId, hold: holdId }),
    as: 'manager',
  },
  'POST /closes': { path: () => '/closes', typed: () => ({ month: '2026-03' }), as: 'finance' },
  'POST /closes/reopen': {
    path: () => '/closes/reopen',
    typed: () => ({ month: '2026-03', reason: 'a late invoice' }),
    as: 'admin',
  },
  'POST /reports/enter/:kind': {
    path: () => '/reports/enter/tax-rates',
    typed: () => ({ taxCode: 'DE19', rateBasisPoints: '19', fromDay: '2026-01-01' }),
    as: 'finance',
  },
  'POST /reports/exports': {
    path: () => '/reports/exports',
    typed: () => ({ currency: 'USD', fromDay: '2026-01-01', toDay: '2026-01-31' }),
    as: 'finance',
  },
  'POST /settings/staff': {
    path: () => '/settings/staff',
    typed: () => ({ name: 'Ben Ünal', username: 'ben', staffRole: 'manager', shopIds: ['main', shop.shopId] }),
    as: 'admin',
  },
  'POST /settings/staff/:staffId/:act': {
    path: () => '/settings/staff/admin/role',
    typed: () => ({ staffRole: 'finance' }),
    as: 'admin',
  },
};

/** Of passwords alone, of nothing that anybody would type again, or asked by nobody who has to be signed in. */
const NOTHING_TYPED = [
  'POST /own-password',
  'POST /language',
  'POST /sign-in',
  'POST /sign-out',
  'POST /presence',
  'POST /attention',
];

test('every form is in the table', () => {
  const posts = routesOf(shop).filter(({ method }) => method === 'POST');
  const named = posts.map(({ method, path }) => `${method} ${path.replace(/\{.*\}/, '')}`);
  expect([...Object.keys(forms), ...NOTHING_TYPED].sort()).toEqual([...new Set(named)].sort());
});

test.each(Object.entries(forms))(
  '%s comes back as it was typed to whoever signs in, and did nothing',
  async (_, form) => {
    const secret = 'a password of a manager';
    const typed = { ...form.typed(), [FORM_KEY]: randomUUID(), [SIGNATURE]: secret };
    const asked = await send(form.path(), typed);
    expect([asked.status, asked.root.querySelector('main form')?.getAttribute('action')]).toEqual([401, form.path()]);
    expect(asked.root.toString()).not.toContain(secret);
    const tables = () => shop.sql`select (select count(*) from commands) as commands, (select count(*) from staff.log
    where kind not in ('signed_in', 'signed_out')) as logged, (select count(*) from issue_reservations) as issued`;
    await shop.staffMember(form.as);
    const before = await tables();
    const again = await signInOver(asked, form.as);
    expect([again.status, again.cookie], again.root.text).toEqual([200, expect.stringContaining('session_token')]);
    const shown = fieldsOf(again.root);
    const expected = Object.entries(form.typed()).filter(([name]) => name !== 'step');
    for (const [name, value] of expected) expect(shown[name], name).toEqual(expect.arrayContaining([value].flat()));
    expect(await tables()).toEqual(before);
  },
);

test('whose role does not reach is not shown the form', async () => {
  const asked = await send('/settings/staff', { name: 'Ben Ünal' });
  const answer = await signInOver(asked, 'cashier');
  expect([answer.status, answer.root.text.includes('Ben Ünal')]).toEqual([403, false]);
});

test('a wrong password, and the choice of a shop, keep what was typed', async () => {
  const asked = await send('/held/let-go', { shop: shop.shopId, sale: heldSaleId, hold: holdId });
  const wrong = await send('/held/let-go', { ...fieldsOf(asked.root), username: 'nobody', password: 'not this one' });
  expect(wrong.status).toBe(422);
  expect(fieldsOf(wrong.root)[TYPED_BEFORE]).toEqual(fieldsOf(asked.root)[TYPED_BEFORE]);
  expect((await signInOver(wrong, 'manager')).status).toBe(200);
});

test('a payment whose issue was not heard, sent again after signing in anew, is one payment of one customer', async () => {
  const newName = `Ada ${randomUUID()}`;
  const before = await shop.sql`select from issue_reservations`;
  const typed = {
    step: 'issue',
    newName,
    type: 'generic',
    purpose: 'deposit',
    money: 'cash',
    amount: '10',
    currency: 'EUR',
  };
  const first = await send(
    '/account-payments/new',
    { ...typed, [FORM_KEY]: randomUUID() },
    {
      cookie: await shop.staffCookie('cashier'),
      app: unheard,
    },
  );
  expect(first.status).toBe(503);
  const again = await signInOver(
    await send('/account-payments/new', { ...fieldsOf(first.root), step: 'issue' }),
    'manager',
  );
  const { cookie } = again;
  const sent = await send('/account-payments/new', { ...fieldsOf(again.root), step: 'issue' }, { cookie });
  expect([sent.status, sent.location], sent.root.text).toEqual([303, expect.stringContaining('done=before')]);
  const payments = await shop.sql`select from issue_reservations`;
  const customers = await shop.sql`select from customers where name = ${newName}`;
  expect([payments.length - before.length, customers.length]).toEqual([1, 1]);
});

test('a pay-out that was not heard, sent again after signing in anew, is one pay-out', async () => {
  const paid = await shop.issue({ amountMinor: 5_000 });
  const path = `/account-payments/${paid.reference}/pay-out`;
  const asked = { amount: '40', tender: 'cash', reason: 'asked for', [FORM_KEY]: randomUUID() };
  const cookie = await shop.staffCookie('manager');
  const told = await send(path, { ...asked, step: 'confirm' }, { cookie });
  const first = await send(path, { ...fieldsOf(told.root), step: 'do' }, { cookie, app: unheard });
  expect(first.status, first.root.text).toBe(503);
  const again = await signInOver(await send(path, { ...fieldsOf(first.root), step: 'do' }), 'admin');
  expect(again.root.text.replaceAll(/\s+/g, ' ')).toContain('€40.00');
  const sent = await send(path, { ...fieldsOf(again.root), step: 'do' }, { cookie: again.cookie });
  expect([sent.status, sent.location], sent.root.text).toEqual([303, expect.stringContaining('again=yes')]);
  const seen = await openPages(shop).get(`/account-payments/${paid.reference}`);
  expect(seen.text).toContain('€10.00 of €50.00 left');
});

test('every field of a password is one that no page says again', async () => {
  const pages = openPages(shop);
  const paths = ['/own-password', '/account-payments/new', '/customers/C-1/erase', '/sign-in'];
  const seen = await Promise.all(paths.map((path) => pages.get(path, { as: 'cashier' })));
  const names = seen.flatMap(({ root }) =>
    root.querySelectorAll('input[type=password]').map((each) => each.getAttribute('name')),
  );
  expect([...new Set(names)].sort()).toEqual([...PASSWORDS].sort());
});
