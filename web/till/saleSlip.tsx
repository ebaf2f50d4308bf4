import type { FC } from 'hono/jsx';
import { findCustomer } from '../../db/customer/customers.js';
import { whileAway, within } from '../../db/outage.js';
import { instantOf } from '../../domain/instants.js';
import type { SaleView, SourceView } from '../../domain/sale/sale.js';
import type { Shop } from '../../domain/shop.js';
import type { Parts } from '../../service/parts.js';
import { readPayment, type PaymentRead } from '../../service/payment/read.js';
import { readSale } from '../../service/sale/read.js';
import type { PageContext } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { PrintButton } from '../http/quick.js';
import type { Reader } from '../http/reader.js';
import { minorIn } from '../http/form.js';
import { toldIn, valuesInAddress, type Told } from './draft.js';

const PATIENCE_MS = 2_000;

type Used = { readonly source: SourceView; readonly payment: PaymentRead | undefined };

/** What a customer takes along: what was used of the account, what is left of it, and how long that is good. */
export async function saleSlip(c: PageContext, parts: PageParts): Promise<Response> {
  const { shop } = c.get('session');
  const reader = c.get('reader');
  const sale = await readSale(parts, { saleShopId: shop.shopId, saleId: c.req.param('saleId') ?? '' });
  if (!sale) throw new NotFound();
  const values = valuesInAddress(c.req.url);
  const sources = sale.payments.filter(({ takenMinor, missingMinor }) => takenMinor > 0 || missingMinor > 0);
  const used = await Promise.all(
    sources.map(async (source): Promise<Used> => ({ source, payment: await paymentOf(parts, source, shop) })),
  );
  const slip = {
    reader,
    shop,
    sale,
    used,
    customerName: await nameOf(parts, sale.customerId),
    otherMinor: minorIn(values['otherMinor']),
    told: toldIn(values),
    nowMs: parts.now(),
  };
  return page(c, { title: reader.texts.till.slip.title(sale.saleId), here: 'till' }, <Slip {...slip} />);
}

async function paymentOf(parts: Parts, { reference }: SourceView, shop: Shop): Promise<PaymentRead | undefined> {
  const payment = await readPayment(parts, reference, shop);
  return typeof payment === 'string' ? undefined : payment;
}

async function nameOf({ sql }: Parts, customerId: string): Promise<string | undefined> {
  return (await within(PATIENCE_MS, findCustomer(sql, customerId)).catch(whileAway(undefined)))?.name;
}

type SlipShown = {
  readonly reader: Reader;
  readonly shop: Shop;
  readonly sale: SaleView;
  readonly used: readonly Used[];
  readonly customerName: string | undefined;
  readonly otherMinor: number;
  readonly told: Told | undefined;
  readonly nowMs: number;
};

const Slip: FC<SlipShown> = (shown) => {
  const { reader, sale, otherMinor, told } = shown;
  const { texts, formats } = reader;
  const { till } = texts;
  const { slip } = till;
  const money = (amountMinor: number) => formats.money(amountMinor, sale.currency);
  const leftMinor = Math.max(0, sale.leftToPayMinor - otherMinor);
  return (
    <>
      {told !== undefined && (
        <p class={told === 'no' ? 'notice amber' : 'notice'} role="status">
          {texts.recorded[told]}
        </p>
      )}
      {sale.missingMinor > 0 && <p class="notice red">{slip.missing(money(sale.missingMinor))}</p>}
      <section class="sheet till-slip">
        <SlipFacts {...shown} />
        <UsedTable {...shown} />
        <p>
          {till.leftToPay} <b class="till-left">{money(leftMinor)}</b>
        </p>
        {sale.heldMinor > 0 && <p>{slip.stillHeld(money(sale.heldMinor), formats.instant(sale.holdExpiresAt))}</p>}
      </section>
      <p class="actions">
        <a class="button" href="/till">
          {slip.next}
        </a>
        {sale.status === 'held' && (
          <a class="button second" href={`/till?saleId=${encodeURIComponent(sale.saleId)}`}>
            {slip.goOn}
          </a>
        )}
        <a href={`/sales/${encodeURIComponent(sale.saleId)}`}>{slip.open}</a>
        <PrintButton reader={reader} />
        <small>{slip.print}</small>
      </p>
    </>
  );
};

const SlipFacts: FC<SlipShown> = ({ reader, shop, sale, customerName, otherMinor, nowMs }) => {
  const { texts, formats } = reader;
  const { till } = texts;
  const { slip } = till;
  const money = (amountMinor: number) => formats.money(amountMinor, sale.currency);
  const facts: [label: string, value: string][] = [
    [slip.shop, shop.name],
    [slip.sale, sale.saleId],
    [slip.customer, customerName ?? sale.customerId],
    [slip.printed, formats.instant(instantOf(nowMs))],
    [till.total, money(sale.totalMinor)],
    ...(otherMinor > 0 ? [[slip.paidOtherwise, money(otherMinor)] satisfies [string, string]] : []),
    ...(sale.givenBackMinor > 0 ? [[slip.back, money(sale.givenBackMinor)] satisfies [string, string]] : []),
  ];
  return (
    <dl class="facts">
      {facts.map(([label, value]) => (
        <>
          <dt>{label}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </>
      ))}
    </dl>
  );
};

const UsedTable: FC<SlipShown> = ({ reader, sale, used }) => {
  const { texts, formats } = reader;
  const { slip } = texts.till;
  const money = (amountMinor: number) => formats.money(amountMinor, sale.currency);
  return (
    <table class="till-used">
      <caption>{slip.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{slip.payment}</th>
          <th scope="col" class="money">
            {slip.used}
          </th>
          <th scope="col" class="money">
            {slip.left}
          </th>
        </tr>
      </thead>
      <tbody>
        {used.map(({ source, payment }) => (
          <tr>
            <th scope="row">
              <a class="reference" href={`/account-payments/${source.reference}`}>
                {source.reference}
              </a>{' '}
              <small>{payment && lastDayOf(payment, reader)}</small>
            </th>
            <td class="money">{money(source.takenMinor)}</td>
            <td class="money">{payment ? money(payment.balanceMinor) : slip.unknown}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

function lastDayOf({ validThrough }: PaymentRead, { texts, formats }: Reader): string {
  return validThrough === null ? texts.till.neverExpires : texts.till.validThrough(formats.day(validThrough));
}
