import type { FC } from 'hono/jsx';
import { totalOf } from '../../domain/basket.js';
import type { ReturnView } from '../../domain/sale/sale.js';
import type { Reader } from '../http/reader.js';
import { newCreditAddress } from './address.js';
import type { SaleShown } from './load.js';
import { Reference } from './reference.js';

type Props = { readonly reader: Reader; readonly sale: SaleShown };

export const Returns: FC<Props> = ({ reader, sale }) => {
  const { texts } = reader;
  const { returns } = sale;
  if (returns.length === 0) return null;
  return (
    <>
      <h2>{texts.sale.returns}</h2>
      {returns.map((each) => (
        <OneReturn reader={reader} back={each} currency={currencyOf(sale, each)} />
      ))}
    </>
  );
};

/** That of its payments, for a return is of what was taken in one; where only another tender gave, the basket's. */
function currencyOf({ payments, currency }: SaleShown, { returned, notReturned }: ReturnView): string {
  const [first] = [...returned, ...notReturned];
  return payments.find(({ reference }) => reference === first?.reference)?.currency ?? currency;
}

const OneReturn: FC<{ reader: Reader; back: ReturnView; currency: string }> = ({ reader, back, currency }) => {
  const { texts, formats } = reader;
  const money = (amountMinor: number) => formats.money(amountMinor, currency);
  return (
    <article class="return sheet">
      <h3>{texts.sale.returnAt(back.at === null ? '' : formats.instant(back.at), money(back.amountMinor))}</h3>
      <ul>
        {back.returned.map(({ reference, amountMinor, keptMinor, replacement }) => (
          <li>
            {amountMinor > 0 && replacement === null && texts.sale.backTo(money(amountMinor))}
            {replacement !== null && (
              <>
                {texts.sale.replacedBy(money(amountMinor))} <Reference reference={replacement} /> {texts.sale.inPlaceOf}
              </>
            )}{' '}
            <Reference reference={reference} />
            {keptMinor > 0 && `, ${texts.sale.keptOf(money(keptMinor))}`}
          </li>
        ))}
      </ul>
      {back.otherTenderMinor > 0 && <p>{texts.sale.otherTender(money(back.otherTenderMinor))}</p>}
      {back.notReturned.map(({ reference, amountMinor, code }) => (
        <p class="notice red">
          <Reference reference={reference} />: {texts.sale.notReturned(money(amountMinor), texts.refusals[code])}
        </p>
      ))}
      {back.reason !== null && (
        <p>
          {texts.sale.reason}: <span dir="auto">{back.reason}</span>
        </p>
      )}
    </article>
  );
};

export const Credits: FC<Props> = ({ reader: { texts, formats }, sale: { credits } }) => {
  if (credits.length === 0) return null;
  return (
    <>
      <h2>{texts.sale.credits}</h2>
      <ul>
        {credits.map(({ reference, amountMinor, currency, issuedAt }) => (
          <li>
            <Reference reference={reference} />,{' '}
            {texts.sale.creditOf(formats.money(amountMinor, currency), formats.instant(issuedAt))}
          </li>
        ))}
      </ul>
    </>
  );
};

/** Leads to store credit for what came back of what another tender paid, less what was issued for it already. */
export const NewCredit: FC<Props> = ({ reader: { texts, formats }, sale }) => {
  const { key, customerIds, currency } = sale;
  const owedMinor = otherTenderMinor(sale) - creditsMinor(sale);
  const isKnown = sale.books === 'there' && owedMinor > 0;
  const credit = {
    receiptId: key.saleId,
    customerId: customerIds[0],
    currency,
    amount: isKnown ? formats.plainAmount(owedMinor, currency) : '',
  };
  return <a href={newCreditAddress(credit)}>{texts.sale.newCredit}</a>;
};

/** What came back of what another tender paid, in the sale's own currency. */
function otherTenderMinor(sale: SaleShown): number {
  const own = sale.returns.filter((each) => currencyOf(sale, each) === sale.currency);
  return own.reduce((sum, each) => sum + each.otherTenderMinor, 0);
}

/** What was issued for this receipt, all together, in the sale's own currency. */
export function creditsMinor({ credits, currency }: SaleShown): number {
  return totalOf(credits.filter((each) => each.currency === currency));
}
