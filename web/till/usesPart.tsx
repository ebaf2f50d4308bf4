import type { FC } from 'hono/jsx';
import { lastDayBefore } from '../../domain/instants.js';
import { TextField } from '../http/fields.js';
import { keys } from './keys.js';
import type { Row } from './rows.js';
import type { Shown } from './shown.js';
import { useField } from './typed.js';

/** What may be used of the account, each with how much is proposed or chosen. */
export const UsesPart: FC<Shown> = (shown) => {
  const { reader, sight, values, errors } = shown;
  const { texts, formats } = reader;
  const { till } = texts;
  const { rows, unlisted, draft, books } = sight;
  return (
    <section class="sheet" aria-labelledby="uses-part">
      <h2 id="uses-part">{till.uses}</h2>
      {rows.length === 0 && books === 'there' && (
        <p>{draft.customerId === undefined ? till.chooseFirst : till.nothingOffered}</p>
      )}
      {rows.length > 0 && (
        <ul class="till-uses">
          {rows.map((row) => (
            <Use {...shown} row={row} />
          ))}
        </ul>
      )}
      {unlisted > 0 && <p>{till.unlisted(formats.number(unlisted))}</p>}
      <TextField
        name="other"
        label={till.other}
        hint={till.otherHint}
        values={values}
        errors={errors}
        inputmode="decimal"
        maxlength={40}
        autocomplete="off"
        quick={{ accesskey: keys.other }}
      />
      <p class="actions">
        <button class="second" name="step" value="update" accesskey={keys.update}>
          {till.update}
        </button>
        {draft.chosen.length > 0 && (
          <button class="quiet" name="step" value="propose">
            {till.propose}
          </button>
        )}
      </p>
    </section>
  );
};

const Use: FC<Shown & { row: Row }> = (shown) => {
  const { reader, shop, row, values, errors } = shown;
  const { texts, formats } = reader;
  const { reference, offer, takenMinor } = row;
  const money = (amountMinor: number) => formats.money(amountMinor, shop.currency);
  return (
    <li>
      <div>
        <a class="reference" href={`/account-payments/${reference}`}>
          {reference}
        </a>
        {offer ? (
          <>
            <b>{texts.till.upTo(money(offer.availableMinor))}</b>
            <GoodFor {...shown} />
            <small>
              {texts.purposes[offer.purpose]},{' '}
              {offer.expiresAt === null
                ? texts.till.neverExpires
                : texts.till.validThrough(formats.day(lastDayBefore(offer.expiresAt, shop.calendar)))}
            </small>
          </>
        ) : (
          <small>{texts.till.standingUnknown}</small>
        )}
        {takenMinor > 0 && <small>{texts.till.takenOfIt(money(takenMinor))}</small>}
      </div>
      <TextField
        name={useField(reference)}
        label={texts.till.useOfPayment(reference)}
        values={values}
        errors={errors}
        inputmode="decimal"
        maxlength={40}
        autocomplete="off"
      />
    </li>
  );
};

/** For which line a product's own payment is. */
const GoodFor: FC<Shown & { row: Row }> = ({ reader, sight, row }) => {
  const { till } = reader.texts;
  const productId = row.offer?.productId ?? null;
  if (productId === null) return <small>{till.anyPurchase}</small>;
  const name = sight.productNames.get(productId) ?? productId;
  const lines = sight.draft.lines.flatMap((line, i) => (line.productId === productId ? [i + 1] : []));
  return (
    <span class="badge">
      <bdi>{lines.length > 0 ? till.onlyFor(name, lines.join(', ')) : till.onlyForNone(name)}</bdi>
    </span>
  );
};
