import type { FC } from 'hono/jsx';
import { ErrorSummary, RadioField, TextArea, TextField, type Choice, type Errors } from '../http/fields.js';
import type { Values } from '../http/form.js';
import type { Reader } from '../http/reader.js';
import { leftMinor } from '../../domain/payment/figures.js';
import type { Shop } from '../../domain/shop.js';
import { returnAddress, saleAddress } from './address.js';
import { leftOf, sumOf, type PaymentOfSale, type SaleShown, type SoldLine } from './load.js';
import { isLine, isShare, lineField, productField, referenceField, shareField } from './returnFields.js';

type Props = {
  readonly reader: Reader;
  readonly sale: SaleShown;
  /** Where it comes back; store credit for it is found again by its receipt in the shop that sold it alone. */
  readonly shop: Shop;
  readonly values: Values;
  readonly errors: Errors;
};

/** What comes back: everything, some of the lines, or an amount. Sent, it is only shown what would go where. */
export const ReturnForm: FC<Props> = ({ reader, sale, shop, values, errors }) => {
  const { returning } = reader.texts;
  const { money } = reader.formats;
  const typed = { values, errors };
  return (
    <form class="sheet narrow returning" method="post" action={returnAddress(sale)}>
      <ErrorSummary reader={reader} errors={errors} />
      <p>{returning.left(money(leftOf(sale), sale.currency))}</p>
      <RadioField
        name="extent"
        label={returning.extent}
        values={values}
        errors={errors}
        choices={extentChoices(reader, sale)}
      />
      {sale.lines && (
        <div class="of-lines">
          <Lines reader={reader} sale={sale} lines={sale.lines} typed={typed} />
          {isPaidOtherwise(sale) && (
            <RadioField
              name="order"
              label={returning.order}
              hint={returning.orderHint}
              {...typed}
              choices={[
                { value: 'creditFirst', label: returning.creditFirst },
                { value: 'otherFirst', label: returning.otherFirst },
              ]}
            />
          )}
          {offersCredit(sale, shop) && (
            <RadioField
              name="other"
              label={returning.other}
              hint={returning.otherHint}
              values={{ other: 'tender', ...values }}
              errors={errors}
              choices={[
                { value: 'tender', label: returning.otherWays.tender },
                { value: 'credit', label: returning.otherWays.credit },
              ]}
            />
          )}
        </div>
      )}
      <div class="of-amount">
        <TextField name="amount" label={returning.amountLabel} {...typed} inputmode="decimal" autocomplete="off" />
      </div>
      <Shares reader={reader} sale={sale} typed={typed} />
      <TextField
        name="kept"
        label={`${returning.kept} (${reader.texts.forms.optional})`}
        hint={returning.keptHint}
        values={values}
        errors={errors}
        inputmode="decimal"
        autocomplete="off"
      />
      <TextArea
        name="reason"
        label={`${returning.reason} (${reader.texts.forms.optional})`}
        hint={reader.texts.acts.reasonHint}
        values={values}
        errors={errors}
      />
      <p>{returning.nothingYet}</p>
      <div class="actions">
        <button name="step" value="preview">
          {returning.show}
        </button>
        <a href={saleAddress(sale.key)}>{reader.texts.forms.cancel}</a>
      </div>
    </form>
  );
};

function extentChoices({ texts: { returning } }: Reader, sale: SaleShown): readonly Choice[] {
  const everything = { value: 'everything', label: returning.everything, hint: returning.everythingHint };
  const some = { value: 'lines', label: returning.lines, hint: returning.linesHint };
  const amount = { value: 'amount', label: returning.amount, hint: returning.amountHint };
  const payments = { value: 'payments', label: returning.payments, hint: returning.paymentsHint };
  return [everything, ...(sale.lines ? [some] : []), amount, ...(severalOf(sale).length > 0 ? [payments] : [])];
}

/** Whether there is a field of this name to say something beside: lines, for one, may not be known, or not yet. */
export function isShown(name: string, sale: SaleShown, shop: Shop): boolean {
  if (isLine(name)) return sale.lines !== null;
  if (isShare(name)) return severalOf(sale).length > 0;
  return name !== 'other' || offersCredit(sale, shop);
}

function offersCredit(sale: SaleShown, shop: Shop): boolean {
  return sale.lines !== null && isPaidOtherwise(sale) && sale.key.saleShopId === shop.shopId;
}

/** Whether part of what was sold was paid without account payments. */
function isPaidOtherwise({ lines, payments }: SaleShown): boolean {
  const soldMinor = (lines ?? []).reduce((sum, each) => sum + each.soldMinor, 0);
  return sumOf(payments, (each) => each.takenMinor) < soldMinor;
}

/** The payments between which there is a choice, none where only one can get something back. */
function severalOf({ payments }: SaleShown): readonly PaymentOfSale[] {
  const open = payments.filter((each) => leftMinor(each) > 0);
  return open.length > 1 ? open : [];
}

type SharesProps = { readonly reader: Reader; readonly sale: SaleShown; readonly typed: LinesProps['typed'] };

const Shares: FC<SharesProps> = ({ reader, sale, typed }) => {
  const { returning } = reader.texts;
  const payments = severalOf(sale);
  if (payments.length === 0) return null;
  return (
    <fieldset class="field lines of-payments">
      <legend>{returning.sharesTitle}</legend>
      {payments.map((payment, i) => (
        <>
          <input type="hidden" name={referenceField(i)} value={payment.reference} />
          <TextField
            name={shareField(i)}
            label={payment.reference}
            hint={returning.atMost(reader.formats.money(leftMinor(payment), sale.currency))}
            inputmode="decimal"
            autocomplete="off"
            {...typed}
          />
        </>
      ))}
    </fieldset>
  );
};

type LinesProps = {
  readonly reader: Reader;
  readonly sale: SaleShown;
  readonly lines: readonly SoldLine[];
  readonly typed: { readonly values: Values; readonly errors: Errors };
};

const Lines: FC<LinesProps> = ({ reader, sale: { names, currency }, lines, typed }) => {
  const { returning } = reader.texts;
  const money = (amountMinor: number) => reader.formats.money(amountMinor, currency);
  return (
    <fieldset class="field lines">
      <legend>{returning.linesTitle}</legend>
      {lines.map(({ productId, soldMinor, cameBackMinor }, i) => (
        <>
          <input type="hidden" name={productField(i)} value={productId} />
          <TextField
            name={lineField(i)}
            label={names.products.get(productId) ?? productId}
            hint={returning.lineHint(money(soldMinor), money(soldMinor - cameBackMinor))}
            inputmode="decimal"
            autocomplete="off"
            {...typed}
          />
        </>
      ))}
    </fieldset>
  );
};
