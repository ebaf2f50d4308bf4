import type { Child, FC } from 'hono/jsx';
import { warningsOf } from '../../domain/law/decision.js';
import { cashDue } from '../../domain/law/judge.js';
import type { Shop } from '../../domain/shop.js';
import type { PaymentRead } from '../../service/payment/read.js';
import type { Reader } from '../http/reader.js';
import { RuleInWords } from '../law/notice.js';
import type { Facts } from './facts.js';
import { inWords } from './until.js';

export type Seen = {
  readonly payment: PaymentRead;
  readonly facts: Facts | 'away';
  readonly reader: Reader;
  readonly shop: Shop;
  readonly nowMs: number;
};

/** How a payment stands, before anything else. */
export const Glance: FC<Seen> = (seen) => {
  const { payment, reader } = seen;
  const { texts, formats } = reader;
  const { balanceMinor, amountMinor, endedBalanceMinor, currency, status, frozenCauses } = payment;
  const money = (minor: number) => formats.money(minor, currency);
  return (
    <section class="sheet glance" aria-label={texts.payment.standing}>
      <div>
        <p class="badges">
          <span class="reference">{payment.reference}</span>
          <span class={`badge ${status}`}>{texts.statuses[status]}</span>
          {frozenCauses.map((cause) => (
            <span class="badge frozen">{`${texts.frozen}: ${texts.payment.frozenCauses[cause]}`}</span>
          ))}
        </p>
        <p class="left">
          <b>{money(balanceMinor)}</b> {texts.payment.ofAmount(money(amountMinor))}
        </p>
        <meter
          min={0}
          max={amountMinor}
          value={balanceMinor}
          aria-label={texts.payment.left(money(balanceMinor), money(amountMinor))}
        />
        {endedBalanceMinor !== null && <p>{texts.payment.endedWith(money(endedBalanceMinor))}</p>}
        <dl class="facts">
          <dt>{texts.payment.available}</dt>
          <dd>{money(payment.availableMinor)}</dd>
          <dt>{texts.payment.held}</dt>
          <dd>{money(payment.heldMinor)}</dd>
          <dt>{texts.payment.validThrough}</dt>
          <dd>
            <Validity {...seen} />
          </dd>
        </dl>
        <InCash {...seen} />
      </div>
      <dl class="facts">{factsOf(seen)}</dl>
    </section>
  );
};

/** Where a law lets the customer have a small balance in cash. */
const InCash: FC<Seen> = ({ payment, facts, reader, nowMs }) => {
  const { balanceMinor, status } = payment;
  if (facts === 'away' || !facts.law || status !== 'active') return null;
  const due = cashDue({ ...facts.law, balanceMinor }, nowMs);
  if (due.length === 0) return null;
  return (
    <div class="notice law" role="note">
      <h2>{reader.texts.payment.inCash}</h2>
      {warningsOf(due.map(({ id }) => ({ id, leastValidThrough: null }))).map((warning) => (
        <RuleInWords reader={reader} warning={warning} />
      ))}
    </div>
  );
};

const Validity: FC<Seen> = ({ payment: { validThrough }, reader: { texts, formats }, shop, nowMs }) => {
  if (validThrough === null) return <>{texts.payment.forEver}</>;
  const today = shop.calendar.dayAt(nowMs);
  return (
    <>
      <time datetime={validThrough}>{formats.day(validThrough)}</time>
      {` (${inWords(validThrough, today, formats.locale)})`}
    </>
  );
};

function factsOf({ payment, facts, reader }: Seen): Child {
  const { texts, formats } = reader;
  const t = texts.payment;
  const known = facts === 'away' ? undefined : facts;
  const { customerId, productId, purpose, funding, tender, receiptId, taxPoint, taxCode, issuedAt } = payment;
  const rows: readonly (readonly [string, Child])[] = [
    [
      t.customer,
      <>
        <a href={`/customers/${encodeURIComponent(customerId)}`} dir="auto">
          {known?.customerName ?? customerId}
        </a>
        {known?.customerName !== undefined && <small>{customerId}</small>}
      </>,
    ],
    [t.goodFor, productId === null ? texts.types.generic : <Product productId={productId} name={known?.productName} />],
    [t.purpose, texts.purposes[purpose]],
    [t.funding, tender === null ? t.fundings[funding] : `${t.fundings[funding]}, ${texts.tenders[tender]}`],
    ...(receiptId === null ? [] : [[t.receipt, receiptId] as const]),
    ...(known?.disposition === undefined ? [] : [[t.cancelledAs, t.dispositions[known.disposition]] as const]),
    [t.taxPoint, taxCode === null ? t.taxPoints[taxPoint] : `${t.taxPoints[taxPoint]}, ${taxCode}`],
    [t.issued, `${formats.instant(issuedAt)}, ${known?.shopName ?? payment.shopId}`],
  ];
  return rows.map(([name, value]) => (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  ));
}

const Product: FC<{ productId: string; name: string | undefined }> = ({ productId, name }) => (
  <>
    <span dir="auto">{name ?? productId}</span>
    {name !== undefined && <small>{productId}</small>}
  </>
);
