import { customerTotals } from '../../db/customer/accounts.js';
import { searchContacts, type CustomerContacts } from '../../db/customer/contacts.js';
import { findCustomer } from '../../db/customer/customers.js';
import { isRecordsOutage, within } from '../../db/outage.js';
import { findProduct, searchProducts } from '../../db/product/products.js';
import { isCallersId, isStorableText } from '../../domain/ids.js';
import { nameWords } from '../../domain/nameWords.js';
import { scannedReferences } from '../../domain/reference.js';
import type { Shop } from '../../domain/shop.js';
import { readScanned } from '../../service/payment/readScanned.js';
import type { Parts } from '../../service/parts.js';

export type Named = {
  readonly id: string;
  readonly name: string;
  /** What tells two of a name apart. */
  readonly contacts?: readonly string[];
};

/** Whom or what the typed text means. */
export type Found =
  | { readonly outcome: 'found'; readonly id: string }
  | { readonly outcome: 'several'; readonly choices: readonly Named[] }
  | { readonly outcome: 'none' };

const PATIENCE_MS = 2_000;
const MAX_CHOICES = 8;

/** By a reference, id, name, phone or e-mail address of theirs. Without the books an id is taken as it stands. */
export async function findCustomerByText(parts: Parts, shop: Shop, typed: string): Promise<Found> {
  if (scannedReferences(typed).length > 0) {
    const payment = await readScanned(parts, typed, shop);
    return typeof payment === 'string' ? { outcome: 'none' } : { outcome: 'found', id: payment.customerId };
  }
  return found(typed, async () => {
    const { listSql: sql } = parts;
    const [named, totals] = await Promise.all([findCustomer(sql, typed), customerTotals(sql, typed)]);
    if (named !== undefined || totals.length > 0) return { outcome: 'found', id: typed };
    return several((await searchContacts(sql, typed, MAX_CHOICES)).map(asNamed));
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
  return (await within(PATIENCE_MS, searchContacts(sql, typed, MAX_CHOICES))).map(asNamed);
}

function asNamed({ customerId: id, name, phone, email }: CustomerContacts): Named {
  return { id, name, contacts: [phone, email].filter((each) => each !== null) };
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
