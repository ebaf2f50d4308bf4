import type { FC } from 'hono/jsx';
import type { DayBalance } from '../../db/customer/overTime.js';
import type { Reader } from '../http/reader.js';
import { customerPath } from './address.js';
import { sizes, type PlotSize, type Theme } from '../plotLook.js';

type Props = {
  readonly reader: Reader;
  readonly customerId: string;
  readonly days: readonly DayBalance[];
  readonly today: string;
};

/** The most days that the table beside a plot tells of. */
const MOST_ROWS = 400;

/** The balance as it went up and down, a plot for each currency, with its figures. */
export const BalanceOverTime: FC<Props> = ({ reader, customerId, days, today }) => {
  const { overTime } = reader.texts.customer;
  const currencies = [...new Set(days.map(({ currency }) => currency))];
  if (currencies.length === 0) return <p class="sheet">{overTime.none}</p>;
  return (
    <>
      {currencies.map((currency) => (
        <Plot
          reader={reader}
          customerId={customerId}
          currency={currency}
          days={days.filter((each) => each.currency === currency)}
          today={today}
        />
      ))}
    </>
  );
};

const Plot: FC<Props & { currency: string }> = ({ reader, customerId, currency, days, today }) => {
  const { formats, texts } = reader;
  const { overTime } = texts.customer;
  const address = (size: PlotSize, theme: Theme) =>
    `${customerPath(customerId, '/balance.svg')}?${new URLSearchParams({ currency, size, theme }).toString()}`;
  const now = formats.money(days.at(-1)?.balanceMinor ?? 0, currency);
  return (
    <figure class="sheet customer-plot">
      <figcaption>{overTime.of(currency)}</figcaption>
      <picture>
        <source
          media="(max-width: 40rem) and (prefers-color-scheme: dark)"
          srcset={address('narrow', 'dark')}
          {...sizes.narrow}
        />
        <source media="(max-width: 40rem)" srcset={address('narrow', 'light')} {...sizes.narrow} />
        <source media="(prefers-color-scheme: dark)" srcset={address('wide', 'dark')} {...sizes.wide} />
        <img
          src={address('wide', 'light')}
          alt={overTime.alt(currency, formats.day(days[0]?.day ?? today), formats.day(today), now)}
          loading="lazy"
          {...sizes.wide}
        />
      </picture>
      <details>
        <summary>{overTime.figures}</summary>
        <Figures reader={reader} currency={currency} days={days} />
      </details>
    </figure>
  );
};

const Figures: FC<Pick<Props, 'reader' | 'days'> & { currency: string }> = ({ reader, days, currency }) => {
  const { formats, texts } = reader;
  const { overTime } = texts.customer;
  const shown = days.slice(-MOST_ROWS).reverse();
  return (
    <table>
      <caption>{shown.length < days.length ? overTime.lastDays(formats.number(MOST_ROWS)) : overTime.allDays}</caption>
      <thead>
        <tr>
          <th scope="col">{overTime.day}</th>
          <th scope="col" class="money">
            {overTime.change}
          </th>
          <th scope="col" class="money">
            {overTime.balance}
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ day, changeMinor, balanceMinor }) => (
          <tr>
            <th scope="row">{formats.day(day)}</th>
            <td class="money">{formats.signedMoney(changeMinor, currency)}</td>
            <td class="money">{formats.money(balanceMinor, currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};
