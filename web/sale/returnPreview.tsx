import type { FC } from 'hono/jsx';
import type { Warning } from '../../domain/law/decision.js';
import { isCurrency } from '../../domain/money.js';
import type { ReturnView } from '../../domain/sale/sale.js';
import { readAmount } from '../../domain/typedAmount.js';
import { ErrorSummary, Signature, type Errors } from '../http/fields.js';
import { FORM_KEY, SIGNATURE, SIGNER, type Values } from '../http/form.js';
import { LawWarnings } from '../law/notice.js';
import { FormKey } from '../http/layout.js';
import type { Reader } from '../http/reader.js';
import { returnAddress, saleAddress } from './address.js';
import type { SaleShown } from './load.js';
import { CREDIT, extentIn, MARK, markIn, otherWayIn, type ReturnWish } from './returnFields.js';
import { Reference } from './reference.js';
import { creditsMinor } from './returnsOfSale.js';

/** Whether a manager has to sign: the time is over, the credit is too much for a till, or the role does not reach. */
export type Signing = 'not_needed' | 'past_period' | 'past_limit' | 'needed';

type Props = {
  readonly reader: Reader;
  readonly sale: SaleShown;
  readonly wish: ReturnWish;
  readonly back: ReturnView;
  /** References of payments that have ended. */
  readonly ended: ReadonlySet<string>;
  readonly values: Values;
  readonly errors: Errors;
  readonly signing: Signing;
  /** What a law has to say of what would be issued. */
  readonly warnings: readonly Warning[];
};

/** What would go where. Nothing has changed; sent on, it is done. */
export const ReturnPreview: FC<Props> = (props) => {
  const { reader, sale, back, values, errors, signing, warnings } = props;
  const { returning } = reader.texts;
  const money = (amountMinor: number) => reader.formats.money(amountMinor, sale.currency);
  const before = creditsMinor(sale);
  const creditMinor = otherWayIn(values) === 'credit' ? back.otherTenderMinor : 0;
  return (
    <form class="sheet preview" method="post" action={returnAddress(sale)}>
      <ErrorSummary reader={reader} errors={errors} />
      <p>{returning.nothingYet}</p>
      {before > 0 && <p class="notice amber">{returning.creditsBefore(money(before))}</p>}
      <ComesBack {...props} />
      <GoesWhere {...props} />
      <LawWarnings reader={reader} warnings={warnings} about={returning.anewEndsEarly} />
      <dl class="facts">
        <dt>{returning.total}</dt>
        <dd>
          <strong>{money(back.amountMinor)}</strong>
        </dd>
        {back.keptMinor > 0 && (
          <>
            <dt>{returning.kept}</dt>
            <dd>{money(back.keptMinor)}</dd>
          </>
        )}
        <OtherTender {...props} />
        {back.reason !== null && (
          <>
            <dt>{returning.reason}</dt>
            <dd dir="auto">{back.reason}</dd>
          </>
        )}
      </dl>
      <Typed reader={reader} values={values} currency={sale.currency} />
      {creditMinor > 0 && <input type="hidden" name={CREDIT} value={String(creditMinor)} />}
      {signing === 'past_period' && <p class="notice amber">{returning.pastPeriod}</p>}
      {signing === 'past_limit' && <p class="notice amber">{returning.pastLimit}</p>}
      {signing !== 'not_needed' && <Signature reader={reader} values={values} errors={errors} />}
      <div class="actions">
        <button name="step" value="confirm">
          {creditMinor === 0
            ? returning.confirm(money(back.amountMinor))
            : returning.confirmWithCredit(money(back.amountMinor), money(creditMinor))}
        </button>
        <button class="second" name="step" value="change">
          {returning.change}
        </button>
        <a href={saleAddress(sale.key)}>{reader.texts.forms.cancel}</a>
      </div>
    </form>
  );
};

/** What was paid in another way, and whether it leaves over the counter or stays as store credit. */
const OtherTender: FC<Props> = ({ reader, sale, back, values }) => {
  const { returning } = reader.texts;
  const [customerId = ''] = sale.customerIds;
  if (back.otherTenderMinor === 0) return null;
  const amount = <strong>{reader.formats.money(back.otherTenderMinor, sale.currency)}</strong>;
  return otherWayIn(values) === 'credit' ? (
    <>
      <dt>{returning.asCredit}</dt>
      <dd>
        {amount}
        <small dir="auto">{returning.asCreditHint(sale.names.customers.get(customerId) ?? customerId)}</small>
      </dd>
    </>
  ) : (
    <>
      <dt>{returning.otherTender}</dt>
      <dd>
        {amount}
        <small>{returning.otherTenderHint}</small>
      </dd>
    </>
  );
};

const ComesBack: FC<Props> = ({ reader, sale, wish: { lines = [] } }) => {
  if (lines.length === 0) return null;
  return (
    <>
      <h2>{reader.texts.returning.comesBack}</h2>
      <ul>
        {lines.map(({ productId, amountMinor }) => (
          <li>
            <span dir="auto">{sale.names.products.get(productId) ?? productId}</span>:{' '}
            {reader.formats.money(amountMinor, sale.currency)}
          </li>
        ))}
      </ul>
    </>
  );
};

const GoesWhere: FC<Props> = ({ reader, sale, back: { returned }, ended }) => {
  const { texts, formats } = reader;
  const { returning } = texts;
  if (returned.length === 0) return null;
  const whereOf = (reference: string, amountMinor: number) => {
    if (amountMinor === 0) return returning.onlyKept;
    return ended.has(reference) ? returning.anew : returning.toItself;
  };
  const hasFee = returned.some(({ keptMinor }) => keptMinor > 0);
  return (
    <>
      <h2>{returning.goesWhere}</h2>
      <div class="scroll" tabindex={0} role="region" aria-label={returning.goesWhere}>
        <table class="folding">
          <thead>
            <tr>
              <th scope="col">{texts.sale.reference}</th>
              <th scope="col" class="money">
                {returning.goesBack}
              </th>
              {hasFee && (
                <th scope="col" class="money">
                  {texts.sale.kept}
                </th>
              )}
              <th scope="col">{returning.where}</th>
            </tr>
          </thead>
          <tbody>
            {returned.map(({ reference, amountMinor, keptMinor }) => (
              <tr>
                <th scope="row">
                  <Reference reference={reference} />
                </th>
                <td class="money" data-label={returning.goesBack}>
                  {formats.money(amountMinor, sale.currency)}
                </td>
                {hasFee && (
                  <td class="money" data-label={texts.sale.kept}>
                    {formats.money(keptMinor, sale.currency)}
                  </td>
                )}
                <td data-label={returning.where}>{whereOf(reference, amountMinor)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
};

/** Not shown again, or with a field of their own. */
const OWN: readonly string[] = ['step', 'currency', MARK, CREDIT, FORM_KEY, SIGNER, SIGNATURE];

/** All that was typed, carried along. */
const Typed: FC<{ reader: Reader; values: Values; currency: string }> = ({ reader, values, currency }) => (
  <>
    <FormKey formKey={values[FORM_KEY] ?? ''} />
    <input type="hidden" name="currency" value={currency} />
    <input type="hidden" name={MARK} value={markIn(values, reader)} />
    {Object.entries(values)
      .filter(([name]) => !OWN.includes(name))
      .map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
  </>
);

type AgainProps = { readonly reader: Reader; readonly to: string; readonly values: Values; readonly errors: Errors };

/** The same request once more, after an outage: it is done once, however often it is sent. */
export const SendAgain: FC<AgainProps> = ({ reader, to, values, errors }) => {
  const { returning } = reader.texts;
  return (
    <form class="sheet narrow" method="post" action={to}>
      <ErrorSummary reader={reader} errors={errors} />
      <p>{askedFor(reader, values)}</p>
      {(values['reason'] ?? '') !== '' && (
        <p>
          {returning.reason}: <span dir="auto">{values['reason']}</span>
        </p>
      )}
      <Typed reader={reader} values={values} currency={values['currency'] ?? ''} />
      {values[CREDIT] !== undefined && <input type="hidden" name={CREDIT} value={values[CREDIT]} />}
      {(values[SIGNER] ?? '') !== '' && <Signature reader={reader} values={values} errors={{}} />}
      <div class="actions">
        <button name="step" value={values['step'] ?? 'preview'}>
          {returning.sendAgain}
        </button>
      </div>
    </form>
  );
};

function askedFor(reader: Reader, values: Values): string {
  const { asked } = reader.texts.returning;
  const extent = extentIn(values);
  switch (extent) {
    case 'everything':
    case 'lines':
    case 'payments':
      return asked[extent];
    case 'amount': {
      const currency = values['currency'] ?? '';
      const amount = values['amount'] ?? '';
      const amountMinor = readAmount(amount, currency, markIn(values, reader));
      return asked.amount(
        amountMinor === undefined || !isCurrency(currency) ? amount : reader.formats.money(amountMinor, currency),
      );
    }
  }
}
