import type { FC } from 'hono/jsx';
import type { Seen } from './glance.js';
import { inFull, saleHref } from './words.js';

/** What each sale took of it and got back. */
export const Sales: FC<Seen> = ({ payment, facts, reader, shop }) => {
  const { texts, formats } = reader;
  const t = texts.payment;
  if (facts === 'away') return null;
  const money = (minor: number) => formats.money(minor, payment.currency);
  return (
    <section>
      <h2 id="sales">{t.sales}</h2>
      {facts.sales.length === 0 ? (
        <p class="empty">{t.noSales}</p>
      ) : (
        <div class="scroll" tabindex={0} role="region" aria-labelledby="sales">
          <table>
            <caption>{t.salesCaption}</caption>
            <thead>
              <tr>
                <th scope="col">{texts.sale.title}</th>
                <th scope="col" class="money">
                  {t.taken}
                </th>
                <th scope="col" class="money">
                  {t.givenBack}
                </th>
                <th scope="col" class="last-at">
                  {t.lastAt}
                </th>
              </tr>
            </thead>
            <tbody>
              {facts.sales.map((sale) => (
                <tr>
                  <th scope="row">
                    <a href={saleHref(sale, shop)}>{inFull(sale, shop)}</a>
                  </th>
                  <td class="money">{money(sale.takenMinor)}</td>
                  <td class="money">
                    {money(sale.givenBackMinor)}
                    {sale.keptMinor > 0 && <small>{t.keptFee(money(sale.keptMinor))}</small>}
                  </td>
                  <td class="last-at">{formats.instant(sale.lastAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
};

const Reference: FC<{ reference: string }> = ({ reference }) => (
  <a class="reference" href={`/account-payments/${reference}`}>
    {reference}
  </a>
);

/** Where its money came from, and what became of it beside sales. */
export const Kin: FC<Seen> = ({ payment, facts, reader }) => {
  const { texts, formats } = reader;
  const t = texts.payment;
  const { replaces, origin, givenFrom } = payment;
  const { replacements, given, gift } = facts === 'away' ? { replacements: [], given: [], gift: undefined } : facts;
  if (replaces === null && givenFrom === null && replacements.length === 0 && given.length === 0) return null;
  return (
    <section>
      <h2>{t.kin}</h2>
      <dl class="sheet facts">
        {replaces !== null && (
          <>
            <dt>{t.replaces}</dt>
            <dd>
              <Reference reference={replaces} /> {origin !== null && t.origins[origin]}
            </dd>
          </>
        )}
        {givenFrom !== null && (
          <>
            <dt>{t.givenFrom}</dt>
            <dd>
              <Reference reference={givenFrom} />
              {gift && <small dir="auto">{gift.customerId}</small>}
              {gift?.message != null && <q dir="auto">{gift.message}</q>}
            </dd>
          </>
        )}
        {replacements.map(({ reference, origin: why, amountMinor, issuedAt }) => (
          <>
            <dt>{t.replacedBy}</dt>
            <dd>
              <Reference reference={reference} /> {formats.money(amountMinor, payment.currency)}
              <small>{`${why === null ? '' : `${t.origins[why]}, `}${formats.instant(issuedAt)}`}</small>
            </dd>
          </>
        ))}
        {given.map(({ reference, customerId, customerName, amountMinor, movedAt }) => (
          <>
            <dt>{t.givenTo}</dt>
            <dd>
              <Reference reference={reference} /> {formats.money(amountMinor, payment.currency)}
              <small>
                <span dir="auto">{customerName ?? customerId}</span>
                {`, ${formats.instant(movedAt)}`}
              </small>
            </dd>
          </>
        ))}
      </dl>
    </section>
  );
};
