import { afterAll, beforeAll, expect, test } from 'vitest';
import { staffRoles, type StaffRole } from '../../domain/staff.js';
import { openPages } from '../support/pages.js';
import { routesOf } from '../support/routes.js';
import { openShop, type Shop } from '../support/shop.js';
import { sell } from './sale/selling.js';

let shop: Shop;
let pages: ReturnType<typeof openPages>;
let reference: string;
let holdId: string;
beforeAll(async () => {
  shop = await openShop();
  pages = openPages(shop);
  ({ reference } = await shop.issue());
  const of = (saleId: string, amountMinor: number) => ({ saleId, lines: [{ productId: 'bike', amountMinor }] });
  await sell(shop, 'settle', [[reference, 100]], of('S-access', 100));
  ({ holdId } = await sell(shop, 'hold', [[reference, 200]], of('S-held', 200)));
});
afterAll(() => shop.close());

type Door = 'nobody' | readonly StaffRole[];
const all = staffRoles;
const tills = ['cashier', 'manager', 'admin'] as const;
const managers = ['manager', 'admin'] as const;
const admins = ['admin'] as const;
const finance = ['finance', 'admin'] as const;

/**
 * Whom each route lets in; `nobody` has to be signed in where it says so. Where a manager can sign for a cashier, the
 * form that is not signed is refused: it is held under the route that sends it.
 */
const doors: Readonly<Record<string, Door>> = {
  'GET /': 'nobody',
  'GET /assets/style.css': 'nobody',
  'GET /assets/:script': 'nobody',
  'GET /assets/icon.svg': 'nobody',
  'POST /language': 'nobody',
  'GET /sign-in': 'nobody',
  'POST /sign-in': 'nobody',
  'POST /sign-out': 'nobody',
  'GET /lock': 'nobody',
  'POST /presence': all,
  'GET /own-password': all,
  'POST /own-password': all,
  'GET /help': 'nobody',
  'GET /pictures/:file': 'nobody',
  'GET /settings/staff': admins,
  'POST /settings/staff': admins,
  'GET /settings/staff/:staffId': admins,
  'POST /settings/staff/:staffId/:act': admins,
  'GET /settings/log': admins,
  'GET /account-payments': all,
  'GET /account-payments.csv': all,
  'GET /account-payments/new': tills,
  'POST /account-payments/new': tills,
  'GET /account-payments/:reference': all,
  'GET /account-payments/:reference/explanation': all,
  'GET /account-payments/:reference/slip': all,
  'GET /account-payments/:reference/barcode.svg': all,
  'GET /account-payments/:reference/qr.svg': all,
  'GET /account-payments/:reference/notes': managers,
  'POST /account-payments/:reference/notes': managers,
  'GET /account-payments/:reference/:act': all,
  'POST /account-payments/:reference/:act': managers,
  'GET /customers': all,
  'GET /customers/:customerId': all,
  'GET /customers/:customerId/balance.svg': all,
  'GET /customers/:customerId/statement': all,
  'GET /customers/:customerId/contacts': tills,
  'POST /customers/:customerId/contacts': tills,
  'GET /customers/:customerId/data.json': managers,
  'GET /customers/:customerId/erase': all,
  'POST /customers/:customerId/erase': managers,
  'GET /till': tills,
  'POST /till': tills,
  'GET /till/slips/:saleId': all,
  'GET /sales': all,
  'GET /sales/:saleId': all,
  'GET /sales/:saleId/return': all,
  'POST /sales/:saleId/return': tills,
  'GET /held': all,
  'GET /held/let-go': all,
  'POST /held/let-go': managers,
  'GET /attention': managers,
  'POST /attention': managers,
  'GET /closes': finance,
  'POST /closes': finance,
  'GET /closes/reopen': admins,
  'POST /closes/reopen': admins,
  'GET /reports': finance,
  'GET /reports/enter/:kind': finance,
  'POST /reports/enter/:kind': finance,
  'GET /reports/exports': finance,
  'POST /reports/exports': finance,
  'GET /reports/exports/:number/:position/file.csv': finance,
  'GET /reports/:name': finance,
  'GET /reports/:name/report.csv': finance,
  'GET /reports/:name/plot.svg': finance,
  'GET /reports/:name/movements': finance,
  'GET /reports/:name/movements.csv': finance,
  'GET /account-payments/:reference/command': all,
};

function routes(): string[] {
  // Without the pattern of a part that is one of a few words.
  const named = routesOf(shop).map(({ method, path }) => `${method} ${path.replace(/\{.*\}/, '')}`);
  return [...new Set(named)];
}

test('the table is complete against the routes there are', () => {
  expect(Object.keys(doors).sort()).toEqual(routes().sort());
});

/** What stands in an address for its parts; the act of a payment is one that only a manager may do. */
function addressOf(route: string): string {
  const path = route.replace(/^\w+ /, '');
  const act = path.startsWith('/settings') ? 'unlock' : 'freeze';
  const named = {
    reference,
    customerId: 'C-1',
    saleId: 'S-access',
    staffId: 'admin',
    file: 'list.png',
    act,
    name: 'tenders',
    kind: 'tax-rates',
    number: '1',
    position: '1',
  };
  return path.replace(/:(\w+)/g, (_, name: keyof typeof named) => named[name]);
}

test.each(Object.entries(doors))('%s lets in whom it should', async (route, door) => {
  await shop.staffMember('admin');
  const isPost = route.startsWith('POST');
  const stranger = await shop.app.request(addressOf(route), {
    method: isPost ? 'POST' : 'GET',
    headers: { Origin: 'http://localhost', 'Content-Type': 'application/x-www-form-urlencoded' },
    ...(isPost && { body: '' }),
  });
  const isSentAway = isPost
    ? stranger.status === 401
    : stranger.status === 303 && (stranger.headers.get('Location') ?? '').startsWith('/sign-in?to=');
  if (door === 'nobody') {
    expect(stranger.status).toBeLessThan(500);
    return;
  }
  expect(isSentAway).toBe(true);
  const letIn: StaffRole[] = [];
  for (const as of staffRoles) {
    const typed = route.includes('/return')
      ? { step: 'confirm', extent: 'amount', amount: '0.01', currency: 'EUR' }
      : { reason: 'because', shop: shop.shopId, sale: 'S-held', hold: holdId };
    const { status } = isPost
      ? await pages.post(addressOf(route), typed, { as })
      : await pages.get(addressOf(route), { as });
    expect(status).toBeLessThan(500);
    if (status !== 403) letIn.push(as);
  }
  expect(letIn).toEqual(door);
});
