import { stringify } from 'csv-stringify/sync';
import { decimalOf } from '../../domain/money.js';
import { withLastDay } from '../../domain/payment/validity.js';
import type { Shop } from '../../domain/shop.js';
import { harmless } from '../../domain/spreadsheet.js';
import type { Sql } from '../../db/connect.js';
import { within } from '../../db/outage.js';
import type { AccountPaymentRow } from '../../db/payment/accountPayments.js';
import {
  listAccountPayments,
  positionOf,
  type PaymentPosition,
  type SortKey,
  type Sorting,
} from '../../db/payment/list.js';
import { namesOf, type Names } from './listNames.js';
import type { AccountPaymentFilter } from '../../db/payment/listed.js';

const BATCH = 2_000;
const PATIENCE_MS = 5_000;

type CsvRow = { readonly row: AccountPaymentRow; readonly names: Names; readonly shop: Pick<Shop, 'calendar'> };
type Cell = (of: CsvRow) => string | null | undefined;

const amount =
  (key: 'amountMinor' | 'balanceMinor' | 'heldMinor' | 'availableMinor' | 'endedBalanceMinor'): Cell =>
  ({ row }) => {
    const amountMinor = row[key];
    return amountMinor === null ? null : decimalOf(amountMinor, row.currency);
  };
const text =
  (cell: Cell): Cell =>
  (of) =>
    harmless(cell(of) ?? '');

/** The names are those of the API's fields, where it has them, in every language: programs read this too. */
const columns: Readonly<Record<string, Cell>> = {
  reference: ({ row }) => row.reference,
  customerId: text(({ row }) => row.customerId),
  customerName: text(({ row, names }) => names.customers.get(row.customerId)),
  type: ({ row }) => row.type,
  productId: text(({ row }) => row.productId),
  productName: text(({ row, names }) => names.products.get(row.productId ?? '')),
  purpose: ({ row }) => row.purpose,
  currency: ({ row }) => row.currency,
  amount: amount('amountMinor'),
  balance: amount('balanceMinor'),
  held: amount('heldMinor'),
  available: amount('availableMinor'),
  endedBalance: amount('endedBalanceMinor'),
  status: ({ row }) => row.status,
  frozenCauses: ({ row }) => row.frozenCauses.join(' '),
  validThrough: ({ row, shop }) => withLastDay(row, shop).validThrough,
  expiresAt: ({ row }) => row.expiresAt,
  issuedAt: ({ row }) => row.issuedAt,
  shopId: ({ row }) => row.shopId,
  createdBy: text(({ row }) => row.createdBy.caller),
  staffId: text(({ row }) => row.createdBy.staffId),
  funding: ({ row }) => row.funding,
  tender: ({ row }) => row.tender,
  receiptId: text(({ row }) => row.receiptId),
  taxPoint: ({ row }) => row.taxPoint,
  taxCode: text(({ row }) => row.taxCode),
  replaces: ({ row }) => row.replaces,
  notes: text(({ row }) => row.notes),
};

type Listed = {
  readonly filter: AccountPaymentFilter;
  readonly sorting: Sorting;
  readonly shop: Pick<Shop, 'calendar'>;
};

/** The whole list as a file, read a batch at a time. */
export async function* csvOf(sql: Sql, { filter, sorting, shop }: Listed): AsyncGenerator<string, void> {
  const steady = steadily(sorting);
  let position: PaymentPosition | undefined;
  for (let isFirst = true; ; isFirst = false) {
    const rows = await within(PATIENCE_MS, listAccountPayments(sql, filter, steady, { position, limit: BATCH }));
    if (rows.length === 0 && !isFirst) return;
    const names = await namesOf(sql, rows);
    const cells = rows.map((row) => Object.values(columns).map((cell) => cell({ row, names, shop })));
    // With a mark at the front by which spreadsheets know that it is UTF-8.
    yield stringify(isFirst ? [Object.keys(columns), ...cells] : cells, { bom: isFirst, record_delimiter: 'windows' });
    const last = rows.at(BATCH - 1);
    if (last === undefined) return;
    position = positionOf(last, steady.by);
  }
}

/** What changes while a list is read would make payments come twice, or never: it comes in the order of issue then. */
function steadily(sorting: Sorting): Sorting {
  const changing: readonly SortKey[] = ['balanceMinor', 'expiresAt', 'status', 'customerName'];
  return changing.includes(sorting.by) ? { by: 'issuedAt', order: 'descending' } : sorting;
}
