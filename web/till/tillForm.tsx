import type { FC } from 'hono/jsx';
import { ErrorSummary, TextField } from '../http/fields.js';
import { FormKey } from '../http/layout.js';
import { sending, Unanswered } from '../http/quick.js';
import type { Reader } from '../http/reader.js';
import { Bar } from './bar.js';
import { BasketPart } from './basketPart.js';
import { CustomerPart } from './customerPart.js';
import { addressOf, pairOf } from './draft.js';
import { Keys } from './keys.js';
import { More } from './more.js';
import type { Shown } from './shown.js';
import type { Sight } from './sight.js';
import { UsesPart } from './usesPart.js';

/** The whole till is one form: every step sends all of it. */
export const TillForm: FC<Shown> = (shown) => {
  const { reader, sight, errors, formKey, told, focus } = shown;
  const { texts } = reader;
  return (
    <form class="till" method="post" action={addressOf(sight.draft)} {...sending('/till')}>
      {/* Enter in any field presses the first button of a form. */}
      <button class="default" name="step" value="update" tabindex={-1} aria-hidden="true">
        {texts.till.default}
      </button>
      <FormKey formKey={formKey} />
      <Kept {...shown} />
      <Figures />
      <Unanswered reader={reader} />
      {/* It would take the focus from what is being typed, and each error stands beside its field. */}
      {focus !== 'kept' && <ErrorSummary reader={reader} errors={errors} />}
      {told !== undefined && (
        <p class="notice" role="status">
          {texts.recorded[told]} {sight.hold === undefined && texts.till.released}
        </p>
      )}
      {sight.books === 'away' && <p class="notice amber">{texts.till.booksAway}</p>}
      {sight.actors === 'away' && <p class="notice amber">{texts.till.paymentsAway}</p>}
      <SaleState {...shown} />
      <div class="till-top">
        <CustomerPart {...shown} />
        <SalePart {...shown} />
      </div>
      <BasketPart {...shown} />
      <UsesPart {...shown} />
      <Bar {...shown} />
      <More {...shown} />
      <Keys reader={reader} />
    </form>
  );
};

/** Asks for the figures anew as soon as an amount or the sale's number is another. */
const Figures: FC = () => (
  <div
    hidden
    hx-post="/till"
    hx-vals="step:refresh"
    hx-trigger={`input from:'closest form' target:'${AMOUNTS}' delay:400ms, change from:'closest form' target:'${AMOUNTS}, #saleId' delay:50ms`}
    hx-sync="this:replace"
    hx-target="closest form"
    hx-select="form.till"
    hx-swap="outerMorph"
  ></div>
);

const AMOUNTS = '.till-uses input, #other';

/** What the form says again that nobody types. */
const Kept: FC<Shown> = ({ sight }) => {
  const { draft, hold, rows, takenMinor } = sight;
  const kept: [name: string, value: string | undefined][] = [
    ['customerId', draft.customerId],
    ['holdId', hold?.holdId],
    ['heldBasket', hold?.basket],
    ['taken', String(takenMinor)],
    ...draft.lines.map(({ productId, amountMinor }): [string, string] => ['line', pairOf(amountMinor, productId)]),
    ...draft.chosen.map(({ reference, amountMinor }): [string, string] => ['chosen', pairOf(amountMinor, reference)]),
    ...rows.flatMap(({ reference, amountMinor, takenMinor: drawnMinor }): [string, string][] => [
      ['shown', pairOf(amountMinor, reference)],
      ['drawn', pairOf(drawnMinor, reference)],
    ]),
  ];
  return (
    <>
      {kept
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
    </>
  );
};

const SaleState: FC<Shown> = ({ reader, sight }) => {
  const { till } = reader.texts;
  const { sale, anothers, hold } = sight;
  const said = saidOf(sight, reader);
  if (said === undefined) return null;
  return (
    <div class={hold && anothers === 'no' ? 'notice' : 'notice amber'} role="status">
      <p>{said}</p>
      {(anothers === 'yes' || sale?.status === 'completed') && (
        <button class="second" name="step" value="nextSale">
          {till.nextSale}
        </button>
      )}
    </div>
  );
};

function saidOf({ sale, anothers, hold }: Sight, { texts, formats }: Reader): string | undefined {
  const { till } = texts;
  if (anothers === 'yes') return till.saleOfAnother;
  if (hold) {
    if (hold.until === undefined || !sale) return till.heldNow;
    return till.heldUntil(formats.money(sale.heldMinor, sale.currency), formats.instant(hold.until));
  }
  switch (sale?.status) {
    case 'completed':
      return till.saleCompleted;
    case 'holding':
    case 'replacing':
    case 'capturing':
    case 'releasing':
      return till.saleUnderWay;
    case 'held':
    case 'released':
    case 'lapsed':
    case 'refused':
    case undefined:
      return undefined;
  }
}

const SalePart: FC<Shown> = ({ reader, sight, values, errors }) => {
  const { till } = reader.texts;
  const { sale, takenMinor, draft } = sight;
  return (
    <section class="sheet" aria-labelledby="sale-part">
      <h2 id="sale-part">{reader.texts.sale.title}</h2>
      <TextField
        name="saleId"
        label={till.saleId}
        hint={till.saleIdHint}
        values={values}
        errors={errors}
        maxlength={128}
        autocomplete="off"
      />
      {(sale !== undefined || takenMinor > 0) && (
        <a href={`/sales/${encodeURIComponent(draft.saleId)}`}>{till.openSale}</a>
      )}
    </section>
  );
};
