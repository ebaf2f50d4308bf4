import type { FC } from 'hono/jsx';
import type { Product } from '../../../db/product/products.js';
import { instantOf } from '../../../domain/instants.js';
import type { Shop } from '../../../domain/shop.js';
import type { PaymentRead } from '../../../service/payment/read.js';
import { PrintButton } from '../../http/quick.js';
import type { Reader } from '../../http/reader.js';
import { papers, slipPath, type Paper, type Print } from './address.js';

type Props = {
  readonly reader: Reader;
  readonly payment: PaymentRead;
  /** The shop that it was left with, whose words the slip speaks. */
  readonly issuer: Shop;
  readonly product: Product | undefined;
  readonly print: Print;
  readonly nowMs: number;
};

/** The slip, and around it what is not printed. */
export const Slip: FC<Props> = (props) => {
  const { reader, payment, print } = props;
  const { slip, recorded } = reader.texts;
  const here = `/account-payments/${payment.reference}`;
  return (
    <>
      {print.outcome !== undefined && (
        <p class={print.outcome === 'yes' ? 'notice' : 'notice amber'} role="status">
          {recorded[print.outcome]}
        </p>
      )}
      <div class="unprinted">
        <p>
          {slip.howToPrint} <PrintButton reader={reader} />
        </p>
        <Papers reader={reader} print={print} reference={payment.reference} />
      </div>
      <Printed {...props} />
      <p class="actions">
        {print.till !== undefined && (
          <a class="button" href={print.till}>
            {slip.backToTill}
          </a>
        )}
        <a class={print.till === undefined ? 'button' : 'button second'} href={here}>
          {slip.toPayment}
        </a>
        {print.till === undefined && (
          <a class="button second" href="/account-payments/new">
            {slip.another}
          </a>
        )}
      </p>
    </>
  );
};

const Papers: FC<{ reader: Reader; print: Print; reference: string }> = ({ reader, print, reference }) => {
  const { slip } = reader.texts;
  const { till } = print;
  const first = print.kind === 'copy' ? {} : { first: print.next, outcome: print.outcome };
  return (
    <nav class="papers" aria-label={slip.paper}>
      <ul>
        {papers.map((paper) => (
          <li>
            <a
              href={slipPath(reference, { paper, till, ...first })}
              aria-current={paper === print.paper ? 'true' : undefined}
            >
              {slip.papers[paper]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
};

const Printed: FC<Props> = ({ reader, payment, issuer, product, print, nowMs }) => {
  const { texts, formats } = reader;
  const { slip } = texts;
  const { reference, currency, amountMinor, balanceMinor, validThrough, issuedAt, productId } = payment;
  const now = formats.instant(instantOf(nowMs));
  return (
    <article class={`slip paper-${print.paper}`} aria-label={slip.title}>
      <header>
        <strong>{issuer.name}</strong>
        {issuer.legalEntity !== issuer.name && <span>{issuer.legalEntity}</span>}
      </header>
      {print.kind === 'copy' && <p class="copy">{slip.copy(now)}</p>}
      <h2>{slip.heading}</h2>
      <p class="reference">{reference}</p>
      <dl>
        <dt>{slip.amount}</dt>
        <dd>{formats.money(amountMinor, currency)}</dd>
        <dt>{slip.balance(now)}</dt>
        <dd>{formats.money(balanceMinor, currency)}</dd>
        <Standing reader={reader} payment={payment} />
        <dt>{slip.validThrough}</dt>
        <dd>{validThrough === null ? slip.forEver : formats.day(validThrough)}</dd>
        <dt>{slip.goodFor}</dt>
        <dd>{productId === null ? slip.anyPurchase : slip.oneProduct(product?.name ?? productId)}</dd>
        <dt>{slip.issued}</dt>
        <dd>{formats.instant(issuedAt)}</dd>
      </dl>
      <Codes reader={reader} reference={reference} paper={print.paper} />
      <footer>
        <p>{slip.terms(issuer.name, issuer.legalEntity)}</p>
      </footer>
    </article>
  );
};

/** Said only where the balance cannot simply be spent. */
const Standing: FC<{ reader: Reader; payment: PaymentRead }> = ({ reader, payment }) => {
  const { slip, statuses, frozen } = reader.texts;
  const words = [
    ...(payment.status === 'active' ? [] : [statuses[payment.status]]),
    ...(payment.frozenCauses.length > 0 ? [frozen] : []),
  ];
  if (words.length === 0) return null;
  return (
    <>
      <dt>{slip.standing}</dt>
      <dd class="standing">{words.join(', ')}</dd>
    </>
  );
};

/** The narrow roll has no room for the bars but lengthwise. */
const Codes: FC<{ reader: Reader; reference: string; paper: Paper }> = ({ reader, reference, paper }) => {
  const { slip } = reader.texts;
  const at = `/account-payments/${reference}`;
  return (
    <p class="codes">
      <img src={`${at}/barcode.svg${paper === '58' ? '?turned' : ''}`} alt={slip.barcode} />
      <img src={`${at}/qr.svg`} alt={slip.qr} />
    </p>
  );
};
