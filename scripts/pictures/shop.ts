import { randomUUID } from 'node:crypto';
import { insertShop, updateShop } from '../../db/shops.js';
import type { Command, Line, Wish } from '../../domain/payment/command.js';
import type { Share } from '../../domain/sale/quote.js';
import type { SaleCommand } from '../../domain/sale/sale.js';
import type { Shop } from '../../domain/shop.js';
import { sha256 } from '../../domain/sha256.js';
import { roleOf, type StaffRole } from '../../domain/staff.js';
import { Failure } from '../../runtime/failure.js';
import type { Asking, Who } from '../../service/asking.js';
import { addCustomer } from '../../service/customer/addCustomer.js';
import { give, type WantedGift } from '../../service/gift/give.js';
import type { Parts } from '../../service/parts.js';
import { commandPayment } from '../../service/payment/command.js';
import { issuePayment, type Wanted } from '../../service/payment/issue.js';
import { nameProduct } from '../../service/product/setName.js';
import { commandSale } from '../../service/sale/command.js';
import { MAIN_SHOP } from '../mainShop.js';
import { OPERATOR, withDesk } from '../staffDesk.js';
import type { Service } from './service.js';

const CURRENCY = 'EUR';
const TIME_ZONE = 'Europe/Berlin';
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Who works there, each with a password of this run. */
export type People = Readonly<Record<'cashier' | 'manager' | 'admin', Person>>;
export type Person = { readonly username: string; readonly password: string };

/** Opens the shop of the pictures, with the people who work there. */
export async function openShop({ sql, databaseUrl }: Service): Promise<People> {
  const names = { shopId: MAIN_SHOP, name: 'Velo Nord', legalEntity: 'Velo Nord GmbH', jurisdiction: null };
  await insertShop(sql, { ...names, currency: CURRENCY, timeZone: TIME_ZONE });
  await updateShop(sql, MAIN_SHOP, { replacementLifetimeDays: 365 });
  return withDesk(databaseUrl, async (desk) => {
    const add = async (staffRole: StaffRole, username: string, name: string): Promise<Person> => {
      const added = await desk.add(OPERATOR, { staffId: username, name, staffRole, shopIds: [MAIN_SHOP] });
      if (added.outcome !== 'added') throw new Failure(`${username} was not added: ${added.outcome}.`);
      return { username, password: added.password };
    };
    const cashier = await add('cashier', 'jana', 'Jana Kruse');
    await add('cashier', 'tariq', 'Tariq Haddad');
    const manager = await add('manager', 'mara', 'Mara Stein');
    await add('finance', 'ines', 'Ines Roth');
    return { cashier, manager, admin: await add('admin', 'peter', 'Peter Voss') };
  });
}

/** What is done in the shop, by its cashier and its manager. */
export type Hands = ReturnType<typeof handsOf>;

export function handsOf(parts: Parts, shop: Shop, people: People) {
  const as = (staffRole: 'cashier' | 'manager'): Asking => {
    const staffId = people[staffRole].username;
    const who: Who = { caller: `staff:${staffId}`, role: roleOf(staffRole), shop, staffId };
    const [requestId, hash] = [sha256(randomUUID()), sha256(randomUUID())];
    return { who, requestId, requestHash: hash.slice(0, 22), async: 'answer', waitMs: 10_000 };
  };
  /** As if it had been issued so many days ago. */
  const issue = async (daysAgo: number, wanted: Omit<Wanted, 'currency'>): Promise<string> => {
    const issuedAtMs = parts.now() - daysAgo * DAY_MS;
    const then = { ...parts, now: () => issuedAtMs };
    const result = await issuePayment(then, as('manager'), { ...wanted, currency: CURRENCY });
    if (result.outcome === 'refused') throw new Failure(`It was not issued: ${result.code}.`);
    return result.payment.reference;
  };
  const tell = async (reference: string, wish: Wish<Command>): Promise<void> => {
    const { outcome } = await commandPayment(parts, as('manager'), reference, wish);
    if (outcome !== 'accepted') throw new Failure(`${wish.kind} of ${reference} was not accepted: ${outcome}.`);
  };
  const tellSale = async (saleId: string, wish: Wish<SaleCommand>): Promise<void> => {
    const { outcome } = await commandSale(parts, as('cashier'), { saleShopId: shop.shopId, saleId }, wish);
    if (outcome !== 'accepted') throw new Failure(`${wish.kind} of sale ${saleId} was not accepted: ${outcome}.`);
  };
  const sell = (verb: 'settle' | 'hold', saleId: string, { customerId, lines, payments, minutes = 60 }: Sold) =>
    tellSale(saleId, { kind: verb, customerId, currency: CURRENCY, lines, payments, lifetimeMs: minutes * 60_000 });
  const giveTo = async (wanted: Omit<WantedGift, 'currency'>): Promise<'given' | 'refused'> => {
    const { outcome } = await give(parts, as('manager'), { ...wanted, currency: CURRENCY });
    return outcome;
  };
  return {
    issue,
    tell,
    tellSale,
    sell,
    giveTo,
    addCustomer: (customerId: string, name: string, phone: string | null = null) =>
      addCustomer(parts, customerId, { name, phone, email: null }),
    nameProduct: (productId: string, name: string) => nameProduct(parts, productId, name),
    /** A day of the shop's calendar, so many days from now. */
    day: (inDays: number) => shop.calendar.dayAt(parts.now() + inDays * DAY_MS),
  };
}

type Sold = {
  readonly customerId: string;
  readonly lines: readonly Line[];
  readonly payments: readonly Share[];
  readonly minutes?: number;
};
