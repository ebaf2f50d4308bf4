import type { FC } from 'hono/jsx';
import type { EndedPayment } from '../../db/customer/payments.js';
import type { Shop } from '../../domain/shop.js';
import type { Reader } from '../http/reader.js';
import type { Texts } from '../texts/texts.js';
import { paymentPath } from './address.js';
import { SaleName } from './saleName.js';

type Props = { readonly reader: Reader; readonly payments: readonly EndedPayment[]; readonly shop: Shop };

/** What has nothing left any more, the last one first, and why. */
export const EndedPayments: FC<Props> = ({ reader, payments, shop }) => {
  const { texts, formats } = reader;
  const { ended } = texts.customer;
  if (payments.length === 0) return <p class="sheet">{ended.none}</p>;
  return (
    <table class="customer-fold sheet">
      <caption>{ended.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.customer.active.payment}</th>
          <th scope="col">{ended.when}</th>
          <th scope="col">{ended.why}</th>
          <th scope="col" class="money">
            {ended.lost}
          </th>
        </tr>
      </thead>
      <tbody>
        {payments.map((payment) => (
          <tr>
            <th scope="row">
              <a class="reference" href={paymentPath(payment.reference)}>
                {payment.reference}
              </a>
              <small>
                {texts.purposes[payment.purpose]}, {formats.money(payment.amountMinor, payment.currency)}
              </small>
            </th>
            <td data-label={ended.when}>{formats.instant(payment.endedAt)}</td>
            <td data-label={ended.why}>
              <Why reader={reader} payment={payment} shop={shop} />
            </td>
            <td class="money" data-label={ended.lost}>
              {payment.endedBalanceMinor === null ? '–' : formats.money(payment.endedBalanceMinor, payment.currency)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const Why: FC<{ reader: Reader; payment: EndedPayment; shop: Shop }> = ({ reader, payment, shop }) => {
  const { ended } = reader.texts.customer;
  const { reason, replacedBy, saleId, saleShopId } = payment;
  return (
    <>
      <span class={`badge ${payment.status}`}>{reader.texts.statuses[payment.status]}</span>{' '}
      {whyOf(payment, reader.texts)}{' '}
      {saleId !== null && saleShopId !== null && <SaleName shop={shop} saleShopId={saleShopId} saleId={saleId} />}
      {reason !== null && (
        <small>
          <bdi>{reason}</bdi>
        </small>
      )}
      {replacedBy !== null && (
        <div>
          {ended.replacedBy}{' '}
          <a class="reference" href={paymentPath(replacedBy)}>
            {replacedBy}
          </a>
        </div>
      )}
    </>
  );
};

/** In which way the last of it went. */
function whyOf({ lastKind, tender, disposition }: EndedPayment, { customer, tenders }: Texts): string {
  const { ended } = customer;
  const handedOut = tender === null ? '' : ended.paidOut(tenders[tender]);
  switch (lastKind) {
    case 'applied':
      return ended.applied;
    case 'gifted':
      return ended.gifted;
    case 'paid_out':
      return handedOut;
    case 'expired':
      return ended.expired;
    case 'cancelled':
      return disposition === null || disposition === 'paid_out' ? handedOut : ended.dispositions[disposition];
    // Neither takes anything.
    case 'issued':
    case 'refunded':
      return '';
  }
}
