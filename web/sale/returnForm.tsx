import type { FC } from 'hono/jsx';
import { ErrorSummary, RadioField, TextArea, TextField, type Choice, type Errors } from '../http/fields.js';
import type { Values } from '../http/form.js';
import type { Reader } from '../http/reader.js';
import { saleAddress } from './address.js';
import { leftOf, sumOf, type SaleShown, type SoldLine } from './load.js';
import { lineField, productField } from './returnFields.js';

type Props = {
  readonly reader: Reader;
  readonly sale: SaleShown;
  readonly values: Values;
  readonly errors: Errors;
};

/** What comes back: everything, some of the lines, or an amount. Sent, it is only shown what would go where. */
export const ReturnForm: FC<Props> = ({ reader, sale, values, errors }) => {
  const { returning } = reader.texts;
  const { money } = reader.formats;
  return (
    <form class="sheet narrow" method="post" action={saleAddress(sale.key, '/return')}>
      <ErrorSummary reader={reader} errors={errors} />
      <p>{returning.left(money(leftOf(sale), sale.currency))}</p>
      <RadioField
        name="extent"
        label={returning.extent}
        values={values}
        errors={errors}
        choices={extentChoices(reader, sale)}
      />
      {sale.lines && <Lines reader={reader} sale={sale} lines={sale.lines} typed={{ values, errors }} />}
      <TextField
        name="amount"
        label={returning.amountLabel}
        values={values}
        errors={errors}
        inputmode="decimal"
        autocomplete="off"
      />
      {sale.lines && isPaidOtherwise(sale) && (
        <RadioField
          name="order"
          label={returning.order}
          hint={returning.orderHint}
          values={values}
          errors={errors}
          choices={[
            { value: 'creditFirst', label: returning.creditFirst },
            { value: 'otherFirst', label: returning.otherFirst },
          ]}
        />
      )}
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

function extentChoices({ texts: { returning } }: Reader, { lines }: SaleShown): readonly Choice[] {
  const everything = { value: 'everything', label: returning.everything, hint: returning.everythingHint };
  const some = { value: 'lines', label: returning.lines, hint: returning.linesHint };
  const amount = { value: 'amount', label: returning.amount, hint: returning.amountHint };
  return lines ? [everything, some, amount] : [everything, amount];
}

/** Whether part of what was sold was paid without account payments. */
function isPaidOtherwise({ lines, payments }: SaleShown): boolean {
  const soldMinor = (lines ?? []).reduce((sum, each) => sum + each.soldMinor, 0);
  return sumOf(payments, (each) => each.takenMinor) < soldMinor;
}

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
