import { customerTotals } from '../../db/customer/accounts.js';
import { findCustomer, searchCustomers } from '../../db/customer/customers.js';
import { isRecordsOutage, within } from '../../db/outage.js';
import { findProduct, searchProducts } from '../../db/product/products.js';
import { isCallersId, isStorableText } from '../../domain/ids.js';
import { nameWords } from '../../domain/nameWords.js';
import { scannedReferences } from '../../domain/reference.js';
import type { Shop } from '../../domain/shop.js';
import { readScanned } from '../../service/payment/readScanned.js';
import type { Parts } from '../../service/parts.js';

export type Named = { readonly id: string; readonly name: string };

/** Whom or what the typed text means. */
export type Found =
  | { readonly outcome: 'found'; readonly id: string }
  | { readonly outcome: 'several'; readonly choices: readonly Named[] }
  | { readonly outcome: 'none' };

const PATIENCE_MS = 2_000;
const MAX_CHOICES = 8;

/** By a reference of theirs, their id or their name. Without the books an id is taken as it stands. */
export async function findCustomerByText(parts: Parts, shop: Shop, typed: string): Promise<Found> {
  if (scannedReferences(typed).length > 0) {
    const payment = await readScanned(parts, typed, shop);
    return typeof payment === 'string' ? { outcome: 'none' } : { outcome: 'found', id: payment.customerId };
  }
  return found(typed, async () => {
    const { listSql: sql } = parts;
    const [named, totals] = await Promise.all([findCustomer(sql, typed), customerTotals(sql, typed)]);
    if (named !== undefined || totals.length > 0) return { outcome: 'found', id: typed };
    const customers = await searchCustomers(sql, typed, MAX_CHOICES);
    return several(customers.map(({ customerId: id, name }) => ({ id, name })));
  });
}

/** By its id or its name. An id that nobody registered is one all the same, unless it could mean another. */
export async function findProductByText({ listSql: sql }: Parts, typed: string): Promise<Found> {
  return found(typed, async () => {
    if ((await findProduct(sql, typed)) !== undefined) return { outcome: 'found', id: typed };
    const products = await searchProducts(sql, typed, MAX_CHOICES);
    const choices = products.map(({ productId: id, name }) => ({ id, name })).filter((each) => begins(each, typed));
    if (!isCallersId(typed)) return several(choices);
    return choices.length === 0 ? { outcome: 'found', id: typed } : several([...choices, { id: typed, name: typed }]);
  });
}

/** Whom the beginning of a name or an id may mean, while it is typed; a whole reference waits until it is sent. */
export async function customersLike({ listSql: sql }: Parts, typed: string): Promise<Named[]> {
  if (!isEnough(typed) || scannedReferences(typed).length > 0) return [];
  const customers = await within(PATIENCE_MS, searchCustomers(sql, typed, MAX_CHOICES));
  return customers.map(({ customerId: id, name }) => ({ id, name }));
}

export async function productsLike({ listSql: sql }: Parts, typed: string): Promise<Named[]> {
  if (!isEnough(typed)) return [];
  const products = await within(PATIENCE_MS, searchProducts(sql, typed, MAX_CHOICES));
  return products.map(({ productId: id, name }) => ({ id, name })).filter((each) => begins(each, typed));
}

/** One letter begins too much. */
function isEnough(typed: string): boolean {
  return typed.length > 1 && isStorableText(typed);
}

/** How an id or the words of a name begin; what stands somewhere in the middle of an id is another product. */
function begins({ id, name }: Named, typed: string): boolean {
  const [words, called] = [nameWords(typed), nameWords(name)];
  const isNamed = words.length > 0 && words.every((word) => called.some((each) => each.startsWith(word)));
  return isNamed || id.toLowerCase().startsWith(typed.toLowerCase());
}

function several(choices: readonly Named[]): Found {
  return choices.length === 0 ? { outcome: 'none' } : { outcome: 'several', choices };
}

async function found(typed: string, ask: () => Promise<Found>): Promise<Found> {
  if (!isStorableText(typed)) return { outcome: 'none' };
  try {
    return await within(PATIENCE_MS, ask());
  } catch (error) {
    if (!isRecordsOutage(error)) throw error;
    return isCallersId(typed) ? { outcome: 'found', id: typed } : { outcome: 'none' };
  }
}
