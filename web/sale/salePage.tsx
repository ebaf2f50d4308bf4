import type { Child, FC } from 'hono/jsx';
import { isPermitted } from '../../domain/roles.js';
import { roleOf } from '../../domain/staff.js';
import type { Session } from '../../service/staff/session.js';
import type { Reader } from '../http/reader.js';
import { customerAddress, letGoAddress, saleAddress } from './address.js';
import { sumOf, type SaleShown } from './load.js';
import { Reference } from './reference.js';
import { Credits, creditsMinor, NewCredit, Returns } from './returnsOfSale.js';

type Props = { readonly reader: Reader; readonly sale: SaleShown };
type Asked = Props & { readonly session: Session };

/** A sale: what it came to, what was sold, what each payment gave and got back, and its returns. */
export const SalePage: FC<Asked> = ({ reader, sale, session }) => (
  <>
    <SaleNotices reader={reader} sale={sale} />
    <section class="sheet">
      <SaleFacts reader={reader} sale={sale} session={session} />
      <SaleActions reader={reader} sale={sale} session={session} />
    </section>
    <SoldTable reader={reader} sale={sale} />
    <PaymentsTable reader={reader} sale={sale} />
    <Returns reader={reader} sale={sale} />
    <Credits reader={reader} sale={sale} />
  </>
);

const SaleNotices: FC<Props> = ({ reader: { texts, formats }, sale }) => {
  const missingMinor = sumOf(sale.payments, (each) => each.missingMinor);
  return (
    <>
      {sale.books === 'away' && <p class="notice amber">{texts.sale.booksAway}</p>}
      {sale.actors === 'away' && <p class="notice amber">{texts.sale.actorsAway}</p>}
      {missingMinor > 0 && (
        <p class="notice red">{texts.sale.missingNotice(formats.money(missingMinor, sale.currency))}</p>
      )}
    </>
  );
};

const SaleFacts: FC<Asked> = ({ reader: { texts, formats }, sale, session: { shop } }) => {
  const { key, view, currency, totals, customerIds, names } = sale;
  const words = texts.sale;
  return (
    <dl class="facts">
      <dt>{words.state}</dt>
      <dd>
        <span class={`badge ${view?.status ?? ''}`}>{view ? words.statuses[view.status] : words.byHand}</span>
        {!view && <small>{words.byHandHint}</small>}
      </dd>
      {customerIds.map((customerId) => (
        <>
          <dt>{words.customer}</dt>
          <dd>
            <a href={customerAddress(customerId)} dir="auto">
              {names.customers.get(customerId) ?? customerId}
            </a>
          </dd>
        </>
      ))}
      <dt>{words.shop}</dt>
      <dd>{key.saleShopId === shop.shopId ? shop.name : key.saleShopId}</dd>
      {view && <Amount label={words.total}>{formats.money(view.totalMinor, currency)}</Amount>}
      {totals.map((each) => (
        <Amount label={words.taken}>{formats.money(each.takenMinor, each.currency)}</Amount>
      ))}
      {view?.status === 'held' && (
        <>
          <Amount label={words.held}>{formats.money(view.heldMinor, currency)}</Amount>
          <Amount label={words.holdEnds}>{formats.instant(view.holdExpiresAt)}</Amount>
        </>
      )}
      {view && view.leftToPayMinor > 0 && (
        <Amount label={words.leftToPay}>{formats.money(view.leftToPayMinor, currency)}</Amount>
      )}
      {totals.map(
        (each) =>
          each.givenBackMinor > 0 && (
            <Amount label={words.givenBack}>{formats.money(each.givenBackMinor, each.currency)}</Amount>
          ),
      )}
      {totals.map(
        (each) =>
          each.keptMinor > 0 && <Amount label={words.kept}>{formats.money(each.keptMinor, each.currency)}</Amount>,
      )}
    </dl>
  );
};

const Amount: FC<{ label: string; children?: Child }> = ({ label, children }) => (
  <>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </>
);

const SaleActions: FC<Asked> = ({ reader, sale, session }) => {
  const { texts } = reader;
  const { key, view, currency, totals } = sale;
  const isOwn = key.saleShopId === session.shop.shopId && isPermitted(roleOf(session.staffRole), 'spend');
  const returnable = totals.filter((each) => each.takenMinor > 0);
  return (
    <p class="actions">
      {view?.status === 'held' && isOwn && (
        <a class="button" href={`/till?saleId=${encodeURIComponent(key.saleId)}`}>
          {texts.till.slip.goOn}
        </a>
      )}
      {returnable.map((each) => (
        <a
          class="button"
          href={saleAddress(key, '/return', each.currency === currency ? {} : { currency: each.currency })}
        >
          {texts.sale.takeBack}
          {totals.length > 1 && ` (${each.currency})`}
        </a>
      ))}
      {view?.status === 'held' && (
        <a class="button second" href={letGoAddress(key, view.holdId)}>
          {texts.sale.letGo}
        </a>
      )}
      {view?.status === 'completed' && view.leftToPayMinor > creditsMinor(sale) && (
        <NewCredit reader={reader} sale={sale} />
      )}
    </p>
  );
};

const SoldTable: FC<Props> = ({ reader: { texts, formats }, sale: { lines, names, currency, books } }) => {
  if (!lines) return books === 'there' ? <p>{texts.sale.noLines}</p> : null;
  return (
    <>
      <h2>{texts.sale.lines}</h2>
      <div class="scroll" tabindex={0} role="region" aria-label={texts.sale.lines}>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.sale.product}</th>
              <th scope="col" class="money">
                {texts.sale.sold}
              </th>
              <th scope="col" class="money">
                {texts.sale.cameBack}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ productId, soldMinor, cameBackMinor }) => (
              <tr>
                <th scope="row">
                  <span dir="auto">{names.products.get(productId) ?? productId}</span>
                  {names.products.has(productId) && <small>{productId}</small>}
                </th>
                <td class="money">{formats.money(soldMinor, currency)}</td>
                <td class="money">{formats.money(cameBackMinor, currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
};

const PaymentsTable: FC<Props> = ({ reader: { texts, formats }, sale: { payments } }) => {
  const words = texts.sale;
  const columns = [
    { label: words.held, amount: (each: (typeof payments)[number]) => each.heldMinor },
    { label: words.gave, amount: (each: (typeof payments)[number]) => each.takenMinor },
    { label: words.gotBack, amount: (each: (typeof payments)[number]) => each.givenBackMinor },
    { label: words.kept, amount: (each: (typeof payments)[number]) => each.keptMinor },
    { label: words.missing, amount: (each: (typeof payments)[number]) => each.missingMinor },
  ].filter(({ label, amount }) => label === words.gave || payments.some((each) => amount(each) > 0));
  return (
    <>
      <h2>{words.payments}</h2>
      {payments.length === 0 ? (
        <p>{words.noPayments}</p>
      ) : (
        <div class="scroll" tabindex={0} role="region" aria-label={words.payments}>
          <table class="folding">
            <thead>
              <tr>
                <th scope="col">{words.reference}</th>
                {columns.map(({ label }) => (
                  <th scope="col" class="money">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {payments.map((each) => (
                <tr>
                  <th scope="row">
                    <Reference reference={each.reference} />
                  </th>
                  {columns.map(({ label, amount }) => (
                    <td class="money" data-label={label}>
                      {formats.money(amount(each), each.currency)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
};
