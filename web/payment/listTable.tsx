import type { Child, FC } from 'hono/jsx';
import { withLastDay } from '../../domain/payment/validity.js';
import type { Shop } from '../../domain/shop.js';
import type { AccountPaymentRow } from '../../db/payment/accountPayments.js';
import type { Reader } from '../http/reader.js';
import { addressOf, changed, columns, SORT, type Asked, type Column } from './listAddress.js';
import type { Names } from './listNames.js';

type TableProps = {
  readonly reader: Reader;
  readonly shop: Pick<Shop, 'calendar' | 'shopId'>;
  readonly asked: Asked;
  readonly rows: readonly AccountPaymentRow[];
  readonly names: Names;
};

/** A table that narrow screens show as cards; its roles are named because browsers forget them then. */
export const PaymentTable: FC<TableProps> = ({ reader, shop, asked, rows, names }) => {
  const { list } = reader.texts;
  return (
    <table class="payments" role="table">
      <caption>{list.caption(reader.formats.number(rows.length))}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th
              scope="col"
              role="columnheader"
              class={isMoney(column) ? 'money' : undefined}
              aria-sort={column === asked.sorting.by ? asked.sorting.order : undefined}
            >
              <SortLink reader={reader} column={column} sorting={asked.sorting} entries={asked.entries} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <Row reader={reader} shop={shop} row={row} names={names} />
        ))}
      </tbody>
    </table>
  );
};

type SortLinkProps = { reader: Reader; column: Column } & Pick<Asked, 'sorting' | 'entries'>;

/** Leads to the list sorted by this column; where it is already, the other way round. */
const SortLink: FC<SortLinkProps> = ({ reader, column, sorting, entries }) => {
  const isSorted = column === sorting.by;
  const wanted = isSorted && sorting.order === 'ascending' ? `-${column}` : column;
  const { list } = reader.texts;
  return <a href={addressOf(changed(entries, SORT, [wanted]))}>{list.columns[column]}</a>;
};

function isMoney(column: Column): boolean {
  return column === 'amountMinor' || column === 'balanceMinor';
}

type RowProps = Omit<TableProps, 'asked' | 'rows'> & { readonly row: AccountPaymentRow };

const Row: FC<RowProps> = ({ reader, shop, row, names }) => {
  const { texts, formats } = reader;
  const { validThrough } = withLastDay(row, shop);
  const customer = names.customers.get(row.customerId);
  const product = row.productId === null ? undefined : (names.products.get(row.productId) ?? row.productId);
  return (
    <tr role="row">
      <th scope="row" role="rowheader">
        <a class="reference" href={`/account-payments/${row.reference}`}>
          {row.reference}
        </a>
      </th>
      <Cell reader={reader} column="customerName">
        <a href={`/customers/${encodeURIComponent(row.customerId)}`}>{customer ?? row.customerId}</a>
        {customer !== undefined && <small>{row.customerId}</small>}
      </Cell>
      <Cell reader={reader} column="type">
        {texts.types[row.type]}
        {product !== undefined && <span class="product">{product}</span>}
        {product !== row.productId && <small>{row.productId}</small>}
      </Cell>
      <Cell reader={reader} column="amountMinor">
        {formats.money(row.amountMinor, row.currency)}
      </Cell>
      <Cell reader={reader} column="balanceMinor">
        <Balance reader={reader} row={row} />
      </Cell>
      <Cell reader={reader} column="status">
        <span class={`badge ${row.status}`}>{texts.statuses[row.status]}</span>
        {row.frozenCauses.length > 0 && <span class="badge frozen">{texts.frozen}</span>}
      </Cell>
      <Cell reader={reader} column="expiresAt">
        {validThrough === null ? texts.list.forEver : formats.day(validThrough)}
      </Cell>
      <Cell reader={reader} column="issuedAt">
        <time datetime={row.issuedAt}>{formats.instant(row.issuedAt)}</time>
        <Maker reader={reader} shop={shop} row={row} />
      </Cell>
    </tr>
  );
};

/** On narrow screens each cell says itself what it is. */
const Cell: FC<{ reader: Reader; column: Column; children?: Child }> = ({ reader, column, children }) => (
  <td role="cell" class={isMoney(column) ? 'money' : undefined} data-label={reader.texts.list.columns[column]}>
    <div>{children}</div>
  </td>
);

/** What is left, and how much of it all was used; what an ended payment had left was not. */
const Balance: FC<{ reader: Reader; row: AccountPaymentRow }> = ({ reader, row }) => {
  const { list } = reader.texts;
  const money = (amountMinor: number) => reader.formats.money(amountMinor, row.currency);
  const { amountMinor, balanceMinor, heldMinor, endedBalanceMinor } = row;
  const usedMinor = amountMinor - (endedBalanceMinor ?? balanceMinor);
  return (
    <>
      {money(balanceMinor)}
      <meter min={0} max={amountMinor} value={usedMinor} aria-label={list.usage(money(usedMinor), money(amountMinor))}>
        {list.usage(money(usedMinor), money(amountMinor))}
      </meter>
      <small>{list.used(money(usedMinor))}</small>
      {heldMinor > 0 && <small>{list.held(money(heldMinor))}</small>}
      {endedBalanceMinor !== null && endedBalanceMinor > 0 && <small>{list.leftAtEnd(money(endedBalanceMinor))}</small>}
    </>
  );
};

const Maker: FC<Pick<RowProps, 'reader' | 'shop' | 'row'>> = ({ reader, shop, row }) => {
  const { list } = reader.texts;
  const { caller, staffId } = row.createdBy;
  const isStaff = staffId === undefined || caller === `staff:${staffId}`;
  return (
    <>
      <small>{list.madeBy(isStaff ? (staffId ?? caller) : list.onBehalf(caller, staffId))}</small>
      {row.shopId !== shop.shopId && <small>{list.inShop(row.shopId)}</small>}
    </>
  );
};
