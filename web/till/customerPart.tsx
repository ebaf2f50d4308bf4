import type { FC } from 'hono/jsx';
import { TextField } from '../http/fields.js';
import { seeking } from '../http/quick.js';
import { Choices, placeOf } from './choices.js';
import { keys } from './keys.js';
import type { Shown } from './shown.js';

/** Whose account it is, and what is on it. */
export const CustomerPart: FC<Shown> = (shown) => {
  const { reader, sight, values, errors, customers, focus } = shown;
  const { till } = reader.texts;
  const { customerId } = sight.draft;
  if (customerId !== undefined)
    return (
      <section class="sheet" aria-labelledby="customer-part">
        <h2 id="customer-part">{till.customer}</h2>
        <Account {...shown} />
        <button class="second" name="step" value="otherCustomer" accesskey={keys.customer}>
          {till.otherCustomer}
        </button>
      </section>
    );
  return (
    <section class="sheet" aria-labelledby="customer-part">
      <h2 id="customer-part">{till.customer}</h2>
      <TextField
        name="customer"
        label={till.customer}
        hint={till.customerHint}
        values={values}
        errors={errors}
        maxlength={200}
        autocomplete="off"
        focus={focus === 'customer' ? 'first' : undefined}
        quick={{ accesskey: keys.customer, ...seeking('/till', 'seekCustomer', placeOf.pickCustomer) }}
      />
      <Choices name="pickCustomer" title={till.whichCustomer} choices={customers} focus={focus} />
      <button class="second" name="step" value="update">
        {till.find}
      </button>
    </section>
  );
};

const Account: FC<Shown> = ({ reader, shop, sight }) => {
  const { texts, formats } = reader;
  const { customerName, total, otherTotals, books, draft } = sight;
  const money = (amountMinor: number) => formats.money(amountMinor, shop.currency);
  return (
    <>
      <p class="till-name">
        <a href={`/customers/${encodeURIComponent(draft.customerId ?? '')}`}>
          <bdi>{customerName ?? draft.customerId}</bdi>
        </a>{' '}
        <small>{customerName === undefined ? books === 'there' && texts.till.unnamed : draft.customerId}</small>
      </p>
      {total && (
        <dl class="facts">
          <dt>{texts.till.balance}</dt>
          <dd>{money(total.balanceMinor)}</dd>
          {total.heldMinor > 0 && (
            <>
              <dt>{texts.till.held}</dt>
              <dd>{money(total.heldMinor)}</dd>
            </>
          )}
          <dt>{texts.till.available}</dt>
          <dd>{money(total.availableMinor)}</dd>
        </dl>
      )}
      {!total && otherTotals.length === 0 && books === 'there' && <p>{texts.till.noMoney}</p>}
      {otherTotals.length > 0 && (
        <p>
          {texts.till.inOtherCurrencies(
            otherTotals.map(({ balanceMinor, currency }) => formats.money(balanceMinor, currency)).join(', '),
            shop.currency,
          )}
        </p>
      )}
    </>
  );
};
