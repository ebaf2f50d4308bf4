import type { FC } from 'hono/jsx';
import { totalOf } from '../../domain/basket.js';
import type { Line } from '../../domain/payment/command.js';
import { leadingBack } from '../http/backToTill.js';
import { TextField } from '../http/fields.js';
import { seeking } from '../http/quick.js';
import { Choices, placeOf } from './choices.js';
import { addressOf } from './draft.js';
import { keys } from './keys.js';
import type { Shown } from './shown.js';

/** What is sold, and the fields of the next line. */
export const BasketPart: FC<Shown> = (shown) => {
  const { reader, sight, values, errors, products, focus } = shown;
  const { till } = reader.texts;
  return (
    <section class="sheet" aria-labelledby="basket-part">
      <h2 id="basket-part">{till.basket}</h2>
      {sight.draft.lines.length === 0 ? <p>{till.emptyBasket}</p> : <Lines {...shown} />}
      <div class="till-line">
        <TextField
          name="product"
          label={till.product}
          values={values}
          errors={errors}
          maxlength={128}
          autocomplete="off"
          focus={focus === 'product' ? 'first' : undefined}
          quick={{ accesskey: keys.product, ...seeking('/till', 'seekProduct', placeOf.pickProduct) }}
        />
        <TextField
          name="amount"
          label={till.amount}
          hint={focus === 'amount' ? till.priceNext : till.amountHint}
          values={values}
          errors={errors}
          inputmode="decimal"
          maxlength={40}
          autocomplete="off"
          focus={focus === 'amount' ? 'first' : undefined}
        />
        <button class="second" name="step" value="update">
          {till.addLine}
        </button>
      </div>
      <Choices name="pickProduct" title={till.whichProduct} choices={products} focus={focus} />
    </section>
  );
};

const Lines: FC<Shown> = (shown) => {
  const { reader, shop, sight } = shown;
  const { texts, formats } = reader;
  const { till } = texts;
  const { lines } = sight.draft;
  return (
    <table class="till-lines">
      <caption>{till.linesAre}</caption>
      <thead>
        <tr>
          <th scope="col">{till.line}</th>
          <th scope="col">{till.product}</th>
          <th scope="col" class="money">
            {till.amount}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, i) => (
          <LineRow {...shown} line={line} number={i + 1} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colspan={2}>
            {till.total}
          </th>
          <td class="money">{formats.money(totalOf(lines), shop.currency)}</td>
        </tr>
      </tfoot>
    </table>
  );
};

const LineRow: FC<Shown & { line: Line; number: number }> = ({ reader, shop, sight, line, number }) => {
  const { texts, formats } = reader;
  const { productId, amountMinor } = line;
  const name = sight.productNames.get(productId);
  const { customerId } = sight.draft;
  const amount = formats.plainAmount(amountMinor, shop.currency);
  const deposit = new URLSearchParams({
    ...(customerId !== undefined && { customerId }),
    productId,
    purpose: 'deposit',
    amount,
    currency: shop.currency,
  });
  const toDeposit = leadingBack(`/account-payments/new?${deposit.toString()}`, addressOf(sight.draft));
  return (
    <tr>
      <td>{number}</td>
      <td>
        <bdi>{name ?? productId}</bdi>
        {name !== undefined && <small>{productId}</small>}
        <span class="till-line-acts">
          <a href={toDeposit} aria-label={texts.till.depositFor(name ?? productId)}>
            {texts.till.deposit}
          </a>
          <button
            class="quiet"
            name="step"
            value={`remove-${number - 1}`}
            aria-label={texts.till.removeLine(number, name ?? productId)}
          >
            {texts.till.remove}
          </button>
        </span>
      </td>
      <td class="money">{formats.money(amountMinor, shop.currency)}</td>
    </tr>
  );
};
