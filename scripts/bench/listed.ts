import {
  activePayments,
  applicablePayments,
  customerTotals,
  customerUsages,
  endedPayments,
} from '../../db/customer/accounts.js';
import { searchContacts } from '../../db/customer/contacts.js';
import { searchCustomers } from '../../db/customer/customers.js';
import { balancesOf, findCustomers } from '../../db/customer/found.js';
import { lookAlikes } from '../../db/customer/lookAlikes.js';
import { balanceOverTime } from '../../db/customer/overTime.js';
import { endedLately, paymentsOf } from '../../db/customer/payments.js';
import { movementsBetween, openingBalances } from '../../db/customer/statement.js';
import { filteredUsages } from '../../db/customer/usages.js';
import type { Sql } from '../../db/connect.js';
import {
  frozenPayments,
  lostSignals,
  metConflicts,
  silentPayments,
  ungivenGifts,
  unsettledSales,
} from '../../db/attention/waiting.js';
import { listCommands } from '../../db/payment/commands.js';
import { listAccountPayments, positionOf, sortKeys, type Sorting } from '../../db/payment/list.js';
import type { AccountPaymentFilter } from '../../db/payment/listed.js';
import { listMovements, listUsages } from '../../db/payment/movements.js';
import { listOpenHolds as holdsOfPayment } from '../../db/payment/openHolds.js';
import { overviewOf } from '../../db/payment/overview.js';
import { listSalesOf } from '../../db/payment/salesOf.js';
import { listTimeline } from '../../db/payment/timeline.js';
import { searchProducts } from '../../db/product/products.js';
import { listOpenHolds } from '../../db/sale/openHolds.js';
import { MAIN_SHOP } from '../mainShop.js';
import { BUSY_CUSTOMER, BUSY_PAYMENT } from './manyRows.js';

/** Something that is listed or searched for, by the API or on a page. */
export type Listed = { readonly name: string; readonly ask: (sql: Sql) => Promise<unknown> };

const LIMIT = 51;
const FROM = '2025-01-01T00:00:00.000Z';
const UNTIL = '2025-02-01T00:00:00.000Z';
const NEWEST: Sorting = { by: 'issuedAt', order: 'descending' };

/** What people type, and of which there is something or nothing: parts of a reference, names, notes, few letters. */
const TYPED = {
  nothing: ['ZZZZ9', 'ACC-20240101-ZZZZZZZZ', 'nobodyofthisname', 'unicorn saddle', 'qx', 'q', 'Zoë Ångström', '77'],
  something: ['BVSY', 'anna', 'Anna Meier', 'blue bike', 'bike', 'BIKE-7', 'C-17', 'an', 'b', '20', '2024'],
};

const FILTERS: readonly AccountPaymentFilter[] = [
  {},
  { customerId: BUSY_CUSTOMER },
  { customerId: 'C-NOBODY' },
  { status: ['active'] },
  { status: ['cancelled', 'expired'] },
  { type: 'product_specific' },
  { productId: 'BIKE-7' },
  { productId: 'BIKE-NONE' },
  { purpose: 'gift' },
  { purpose: 'store_credit' },
  { currency: 'CHF' },
  { currency: 'JPY' },
  { shopId: MAIN_SHOP },
  { shopId: 'no-such-shop' },
  { saleId: 'S-7' },
  { saleId: 'S-NONE' },
  { marks: ['frozen'] },
  { marks: ['held'] },
  { createdBy: 'till-3' },
  { createdBy: 'cashier-7' },
  { createdBy: 'nobody' },
  { issuedFrom: FROM, issuedBefore: UNTIL },
  { expiresAfter: FROM, expiresBy: UNTIL },
  { expiresBefore: FROM },
  { currency: 'EUR', amountFrom: 149_990 },
  { currency: 'EUR', amountFrom: 999_999 },
  { currency: 'EUR', balanceFrom: 1, balanceThrough: 100 },
  { status: ['active'], marks: ['frozen', 'held'] },
];

function payments(name: string, filter: AccountPaymentFilter, sorting = NEWEST): Listed {
  return {
    name: `payments ${name}`,
    ask: (sql) => listAccountPayments(sql, filter, sorting, { position: undefined, limit: LIMIT }),
  };
}

/** Every list and every search. */
export const listed: readonly Listed[] = [
  ...FILTERS.map((filter) => payments(`of ${JSON.stringify(filter)}`, filter)),
  ...sortKeys.flatMap((by) =>
    (['ascending', 'descending'] as const).flatMap((order) => [
      payments(`by ${by}, ${order}`, {}, { by, order }),
      payments(`active, by ${by}, ${order}`, { status: ['active'] }, { by, order }),
      payments(`of a customer, by ${by}, ${order}`, { customerId: BUSY_CUSTOMER }, { by, order }),
      payments(`of nobody, by ${by}, ${order}`, { createdBy: 'nobody' }, { by, order }),
      { name: `payments by ${by}, ${order}, second page`, ask: (sql: Sql) => secondPage(sql, { by, order }) },
    ]),
  ),
  ...Object.entries(TYPED).flatMap(([what, typed]) =>
    typed.flatMap((q) => [
      payments(`searched, ${what} is ${q}`, { q }),
      payments(
        `searched by balance, ${what} is ${q}`,
        { q, status: ['active'] },
        { by: 'balanceMinor', order: 'descending' },
      ),
      { name: `customers searched, ${what} is ${q}`, ask: (sql: Sql) => searchCustomers(sql, q, LIMIT) },
      { name: `contacts searched, ${what} is ${q}`, ask: (sql: Sql) => searchContacts(sql, q, LIMIT) },
      { name: `customers found, ${what} is ${q}`, ask: (sql: Sql) => findCustomers(sql, q, LIMIT) },
      { name: `products searched, ${what} is ${q}`, ask: (sql: Sql) => searchProducts(sql, q, LIMIT) },
    ]),
  ),
  ...[
    { name: 'by phone', q: '+49 30 1000017' },
    { name: 'by e-mail', q: 'c17@shop.example' },
  ].map(({ name, q }) => ({ name: `contacts ${name}`, ask: (sql: Sql) => searchContacts(sql, q, LIMIT) })),
  ...ofCustomer(BUSY_CUSTOMER),
  ...ofPayment(BUSY_PAYMENT),
  ...ofShop({ shopId: MAIN_SHOP, limit: LIMIT }),
];

async function secondPage(sql: Sql, sorting: Sorting): Promise<unknown> {
  const first = await listAccountPayments(sql, {}, sorting, { position: undefined, limit: LIMIT });
  const last = first.at(-1);
  const position = last && positionOf(last, sorting.by);
  return listAccountPayments(sql, {}, sorting, { position, limit: LIMIT });
}

function ofCustomer(id: string): Listed[] {
  const position = { movedAt: FROM, reference: BUSY_PAYMENT, sequence: 2 };
  const page = { position: undefined, limit: LIMIT };
  const asked: Record<string, Listed['ask']> = {
    totals: (sql) => customerTotals(sql, id),
    'active payments': (sql) => activePayments(sql, id, LIMIT),
    'ended payments': (sql) => endedPayments(sql, id, LIMIT),
    'applicable payments': (sql) => applicablePayments(sql, id, { currency: 'EUR', productIds: ['BIKE-7'] }),
    usages: (sql) => customerUsages(sql, id, page),
    'older usages': (sql) => customerUsages(sql, id, { ...page, position }),
    'usages of a page': (sql) => filteredUsages(sql, id, {}, page),
    'usages of a payment': (sql) => filteredUsages(sql, id, { reference: BUSY_PAYMENT }, page),
    'usages of a month': (sql) => filteredUsages(sql, id, { from: FROM, until: UNTIL }, page),
    'balance over time': (sql) => balanceOverTime(sql, id, 'Europe/Berlin'),
    'opening balances': (sql) => openingBalances(sql, id, FROM),
    'movements of a month': (sql) => movementsBetween(sql, id, { from: FROM, until: UNTIL }, 1_000),
    'payments that ended': (sql) => endedLately(sql, id, LIMIT),
    'choice of payments': (sql) => paymentsOf(sql, id, LIMIT),
    'balances of a page': (sql) => balancesOf(sql, [id, 'C-1', 'C-2']),
    'look-alikes': (sql) => lookAlikes(sql, { customerId: 'C-0', name: 'Anna Meier' }, 5),
  };
  return Object.entries(asked).map(([name, ask]) => ({ name: `customer: ${name}`, ask }));
}

function ofPayment(reference: string): Listed[] {
  const page = { order: 'oldest', afterSequence: undefined, limit: LIMIT } as const;
  const commands = { order: 'newest', afterRevision: undefined, limit: LIMIT } as const;
  const asked: Record<string, Listed['ask']> = {
    movements: (sql) => listMovements(sql, reference, page),
    usages: (sql) => listUsages(sql, reference, page),
    commands: (sql) => listCommands(sql, reference, {}, commands),
    'oldest commands': (sql) => listCommands(sql, reference, {}, { ...commands, order: 'oldest' }),
    'commands of a kind': (sql) => listCommands(sql, reference, { kind: 'refund' }, commands),
    'commands of a sale': (sql) => listCommands(sql, reference, { saleId: 'S-NONE' }, commands),
    'commands of a caller': (sql) => listCommands(sql, reference, { caller: 'nobody' }, commands),
    timeline: (sql) => listTimeline(sql, reference, { before: undefined, limit: LIMIT }),
    sales: (sql) => listSalesOf(sql, reference, LIMIT),
    'open holds': (sql) => holdsOfPayment(sql, reference),
  };
  return Object.entries(asked).map(([name, ask]) => ({ name: `payment: ${name}`, ask }));
}

function ofShop(shop: { shopId: string; limit: number }): Listed[] {
  const asked: Record<string, Listed['ask']> = {
    'held now': (sql) => listOpenHolds(sql, shop.shopId, LIMIT),
    frozen: (sql) => frozenPayments(sql, shop),
    conflicts: (sql) => metConflicts(sql, shop),
    'gifts not given': (sql) => ungivenGifts(sql, shop),
    'signals lost': (sql) => lostSignals(sql, shop),
    'sales unsettled': (sql) => unsettledSales(sql, shop),
    'silent payments': (sql) => silentPayments(sql, shop),
    overview: (sql) => overviewOf(sql, { after: FROM, by: UNTIL }),
  };
  return Object.entries(asked).map(([name, ask]) => ({ name: `shop: ${name}`, ask }));
}
