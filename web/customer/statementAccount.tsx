import type { FC } from 'hono/jsx';
import type { Opening, StatedMovement } from '../../db/customer/statement.js';
import type { Shop } from '../../domain/shop.js';
import type { Reader } from '../http/reader.js';
import type { Texts } from '../texts/texts.js';

type StatedLine = StatedMovement & { readonly balanceMinor: number };

/** What a customer had in one currency, what moved, and what was left. */
export type StatedAccount = {
  readonly currency: string;
  readonly openingMinor: number;
  readonly lines: readonly StatedLine[];
  readonly closingMinor: number;
};

/** By currency; those in which there was nothing and nothing moved are left out. */
export function accountsOf(openings: readonly Opening[], movements: readonly StatedMovement[]): StatedAccount[] {
  const currencies = new Set([...openings, ...movements].map(({ currency }) => currency));
  return [...currencies]
    .sort()
    .map((currency) => {
      const openingMinor = openings.find((each) => each.currency === currency)?.balanceMinor ?? 0;
      let balanceMinor = openingMinor;
      const lines = movements
        .filter((each) => each.currency === currency)
        .map((movement) => ({ ...movement, balanceMinor: (balanceMinor += movement.amountMinor) }));
      return { currency, openingMinor, lines, closingMinor: balanceMinor };
    })
    .filter(({ openingMinor, lines }) => openingMinor !== 0 || lines.length > 0);
}

type Props = {
  readonly reader: Reader;
  /** Whose statement it is: what happened in another shop says where. */
  readonly shop: Shop;
  readonly account: StatedAccount;
  readonly from: string;
  readonly to: string;
};

export const Account: FC<Props> = ({ reader, shop, account, from, to }) => {
  const { formats, texts } = reader;
  const { statement, active } = texts.customer;
  const { currency, lines, openingMinor, closingMinor } = account;
  const money = (amountMinor: number) => formats.money(amountMinor, currency);
  return (
    <table class="sheet customer-statement customer-fold">
      <caption>{statement.account(currency)}</caption>
      <thead>
        <tr>
          <th scope="col">{statement.when}</th>
          <th scope="col">{statement.what}</th>
          <th scope="col">{active.payment}</th>
          <th scope="col" class="money">
            {statement.amount}
          </th>
          <th scope="col" class="money">
            {statement.balance}
          </th>
        </tr>
      </thead>
      <tbody>
        <tr class="sum">
          <th scope="row" colspan={4}>
            {statement.opening(formats.day(from))}
          </th>
          <td class="money">{money(openingMinor)}</td>
        </tr>
        {lines.map((line) => (
          <tr>
            <td data-label={statement.when}>{formats.instant(line.movedAt)}</td>
            <td data-label={statement.what}>
              {whatOf(line, texts)}
              {line.shopName !== shop.name && (
                <small>
                  <bdi>{line.shopName}</bdi>
                </small>
              )}
            </td>
            <td class="reference" data-label={active.payment}>
              {line.reference}
            </td>
            <td class="money" data-label={statement.amount}>
              {formats.signedMoney(line.amountMinor, currency)}
            </td>
            <td class="money" data-label={statement.balance}>
              {money(line.balanceMinor)}
            </td>
          </tr>
        ))}
        {lines.length === 0 && (
          <tr>
            <td colspan={5}>{statement.noMovements}</td>
          </tr>
        )}
        <tr class="sum">
          <th scope="row" colspan={4}>
            {statement.closing(formats.day(to))}
          </th>
          <td class="money">{money(closingMinor)}</td>
        </tr>
      </tbody>
    </table>
  );
};

/** What happened, as a customer may read it: nothing of another customer, no remarks of the staff. */
function whatOf({ kind, purpose, funding, paidBy, tender, saleId }: StatedMovement, texts: Texts): string {
  const { kinds, fundings, paid } = texts.customer.statement;
  switch (kind) {
    case 'issued':
      return `${kinds.issued(texts.purposes[purpose])}, ${paidBy === null ? fundings[funding] : paid(texts.tenders[paidBy])}`;
    case 'applied':
      return kinds.applied(saleId ?? '');
    case 'refunded':
      return kinds.refunded(saleId ?? '');
    case 'paid_out':
      return kinds.paidOut(tender === null ? '' : texts.tenders[tender]);
    case 'gifted':
      return kinds.gifted;
    case 'expired':
      return kinds.expired;
    case 'cancelled':
      return tender === null ? kinds.cancelled : kinds.cancelledPaidOut(texts.tenders[tender]);
  }
}
