import { findContacts, searchContacts, type CustomerContacts } from '../../../db/customer/contacts.js';
import { whileAway, within } from '../../../db/outage.js';
import { findProduct, searchProducts, type Product } from '../../../db/product/products.js';
import type { Sql } from '../../../db/connect.js';
import { isStorableText } from '../../../domain/ids.js';
import type { Choice } from '../../http/fields.js';
import type { Values } from '../../http/form.js';

/** What a search in the form came to, the one that is chosen always among them. */
export type Choices = {
  readonly choices: readonly Choice[];
  readonly found: 'not_asked' | 'none' | 'all' | 'more';
};
export type Looked = { readonly customers: Choices; readonly products: Choices };

const PATIENCE_MS = 2_000;
const MOST_SHOWN = 10;
const MAX_Q_LENGTH = 200;
/** For what Postgres cannot hold is in no name. */
const nothing = Promise.resolve([]);

/** Whom and what the form may mean. While the books are away it shows what was chosen before. */
export async function lookUp(sql: Sql, values: Values): Promise<Looked> {
  const [customers, products] = await Promise.all([
    chooseFrom({
      q: values['customerSearch'],
      chosen: values['customerId'],
      search: (q, limit) => searchContacts(sql, q, limit),
      find: (id) => findContacts(sql, id),
      toChoice: ofCustomer,
    }),
    chooseFrom({
      q: values['productSearch'],
      chosen: values['productId'],
      search: (q, limit) => searchProducts(sql, q, limit),
      find: (id) => findProduct(sql, id),
      toChoice: ofProduct,
    }),
  ]);
  return { customers, products };
}

type Asked<Row> = {
  readonly q: string | undefined;
  readonly chosen: string | undefined;
  readonly search: (q: string, limit: number) => Promise<Row[]>;
  readonly find: (id: string) => Promise<Row | undefined>;
  readonly toChoice: (row: Row) => Choice;
};

async function chooseFrom<Row>({ q = '', chosen = '', search, find, toChoice }: Asked<Row>): Promise<Choices> {
  const [found, row] = await Promise.all([
    q === '' ? undefined : unlessAway(isStorableText(q) ? search(q.slice(0, MAX_Q_LENGTH), MOST_SHOWN + 1) : nothing),
    isStorableText(chosen) ? unlessAway(find(chosen)) : undefined,
  ]);
  const shown = (found ?? []).slice(0, MOST_SHOWN).map(toChoice);
  const before = chosen === '' || shown.some(({ value }) => value === chosen) ? [] : [nameOf(chosen, row, toChoice)];
  return { choices: [...before, ...shown], found: foundOf(found?.length) };
}

function nameOf<Row>(chosen: string, row: Row | undefined, toChoice: (row: Row) => Choice): Choice {
  return row === undefined ? { value: chosen, label: chosen } : toChoice(row);
}

function foundOf(count: number | undefined): Choices['found'] {
  if (count === undefined) return 'not_asked';
  if (count === 0) return 'none';
  return count > MOST_SHOWN ? 'more' : 'all';
}

function ofCustomer({ customerId, name, phone, email }: CustomerContacts): Choice {
  return {
    value: customerId,
    label: name,
    hint: [customerId, phone, email].filter((each) => each !== null).join(' · '),
  };
}

function ofProduct({ productId, name }: Product): Choice {
  return { value: productId, label: name, hint: productId };
}

function unlessAway<T>(asked: Promise<T>): Promise<T | undefined> {
  return within(PATIENCE_MS, asked).catch(whileAway(undefined));
}
