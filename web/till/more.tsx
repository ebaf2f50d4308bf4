import type { FC } from 'hono/jsx';
import { SelectField, TextField } from '../http/fields.js';
import { holdMinutes } from './draft.js';
import type { Shown } from './shown.js';

const inside = ['reference', 'referenceAmount', 'holdFor', 'until', 'staffId'];

/** What most sales do without. Open where something in it is wrong or needed. */
export const More: FC<Shown> = (shown) => {
  const { reader, sight, values, errors } = shown;
  const { till } = reader.texts;
  const { draft } = sight;
  const isFilled = draft.holdFor !== '15' || draft.until !== undefined || draft.staffId !== undefined;
  const isWrong = inside.some((name) => errors[name] !== undefined);
  return (
    <details class="sheet" open={isFilled || isWrong || sight.books === 'away' || undefined}>
      <summary>{till.more}</summary>
      <ByReference {...shown} />
      <h2>{sight.hold ? till.holdAgain : till.hold}</h2>
      <div class="till-pair">
        <SelectField
          name="holdFor"
          label={till.holdFor}
          values={values}
          errors={errors}
          choices={holdMinutes.map((value) => ({ value, label: till.holdTimes[value] }))}
        />
        <TextField
          name="until"
          label={till.until}
          hint={sight.hold ? till.untilHint.rest : till.untilHint.whole}
          type="date"
          values={values}
          errors={errors}
        />
      </div>
      {sight.hold && sight.actors === 'there' && (
        <button class="second" name="step" value="part">
          {till.part}
        </button>
      )}
      <h2>{till.salesperson}</h2>
      <TextField
        name="staffId"
        label={till.salesperson}
        hint={till.salespersonHint}
        values={values}
        errors={errors}
        maxlength={128}
        autocomplete="off"
        list="salespeople"
      />
      <datalist id="salespeople">
        {sight.salespeople.map(({ staffId, name }) => (
          <option value={staffId}>{name}</option>
        ))}
      </datalist>
    </details>
  );
};

const ByReference: FC<Shown> = ({ reader, values, errors }) => {
  const { till } = reader.texts;
  return (
    <>
      <h2>{till.reference}</h2>
      <div class="till-pair">
        <TextField
          name="reference"
          label={till.reference}
          hint={till.referenceHint}
          values={values}
          errors={errors}
          maxlength={60}
          autocomplete="off"
        />
        <TextField
          name="referenceAmount"
          label={till.referenceAmount}
          hint={till.referenceAmountHint}
          values={values}
          errors={errors}
          inputmode="decimal"
          maxlength={40}
          autocomplete="off"
        />
      </div>
      <button class="second" name="step" value="update">
        {till.useReference}
      </button>
    </>
  );
};
