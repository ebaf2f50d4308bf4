import type { FC } from 'hono/jsx';
import type { AccountPaymentRow } from '../../db/payment/accountPayments.js';
import { hasPassed } from '../../domain/instants.js';
import type { Reader } from '../http/reader.js';
import { paymentPath } from './address.js';

type ActiveRow = AccountPaymentRow & { readonly validThrough: string | null };
type Props = {
  readonly reader: Reader;
  readonly payments: readonly ActiveRow[];
  readonly products: ReadonlyMap<string, string>;
  readonly nowMs: number;
};

/** What can be spent, soonest expiry first. */
export const ActivePayments: FC<Props> = ({ reader, payments, products, nowMs }) => {
  const { active } = reader.texts.customer;
  if (payments.length === 0) return <p class="sheet">{active.none}</p>;
  return (
    <table class="customer-fold sheet">
      <caption>{active.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{active.payment}</th>
          <th scope="col">{active.goodFor}</th>
          <th scope="col">{active.goodThrough}</th>
          <th scope="col" class="money">
            {active.left}
          </th>
          <th scope="col" class="money">
            {active.available}
          </th>
        </tr>
      </thead>
      <tbody>
        {payments.map((payment) => (
          <Row reader={reader} payment={payment} products={products} nowMs={nowMs} />
        ))}
      </tbody>
    </table>
  );
};

type RowProps = Omit<Props, 'payments'> & { readonly payment: ActiveRow };

const Row: FC<RowProps> = ({ reader, payment, products, nowMs }) => {
  const { texts, formats } = reader;
  const { active } = texts.customer;
  const money = (amountMinor: number) => formats.money(amountMinor, payment.currency);
  const left = active.leftOf(money(payment.balanceMinor), money(payment.amountMinor));
  return (
    <tr>
      <th scope="row">
        <a class="reference" href={paymentPath(payment.reference)}>
          {payment.reference}
        </a>
        <small>{texts.purposes[payment.purpose]}</small>
      </th>
      <td data-label={active.goodFor}>
        {payment.productId === null ? (
          texts.types.generic
        ) : (
          <>
            {texts.types.product_specific}: <bdi>{products.get(payment.productId) ?? payment.productId}</bdi>
          </>
        )}
      </td>
      <td data-label={active.goodThrough}>
        {payment.validThrough === null ? active.withoutEnd : formats.day(payment.validThrough)}
      </td>
      <td class="money" data-label={active.left}>
        {left}
        <meter min={0} max={payment.amountMinor} value={payment.balanceMinor} aria-label={left}></meter>
      </td>
      <td class="money" data-label={active.available}>
        {money(payment.availableMinor)}
        {payment.heldMinor > 0 && <small>{texts.customer.total.held(money(payment.heldMinor))}</small>}
        {payment.frozenCauses.length > 0 && (
          <div>
            <span class="badge frozen">{texts.frozen}</span>
          </div>
        )}
        {hasPassed(payment.expiresAt, nowMs) && <small>{active.overdue}</small>}
      </td>
    </tr>
  );
};
