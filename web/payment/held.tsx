import type { FC } from 'hono/jsx';
import type { OpenHoldRow } from '../../db/payment/openHolds.js';
import { instantOf } from '../../domain/instants.js';
import { BACKSTOP_MS } from '../../domain/sale/lifetimes.js';
import type { Seen } from './glance.js';
import { inFull, saleHref, whoOf } from './words.js';

/** What is reserved now, for which sale, at which till and until when. */
export const Held: FC<Seen> = ({ payment, facts, reader, shop }) => {
  const { texts, formats } = reader;
  const t = texts.payment;
  if (payment.heldMinor === 0 || facts === 'away' || facts.holds.length === 0) return null;
  return (
    <section>
      <h2 id="held">{t.heldNow}</h2>
      <div class="scroll" tabindex={0} role="region" aria-labelledby="held">
        <table>
          <caption>{t.heldCaption}</caption>
          <thead>
            <tr>
              <th scope="col">{t.heldFor}</th>
              <th scope="col" class="money">
                {t.amount}
              </th>
              <th scope="col">{t.heldUntil}</th>
              <th scope="col">{t.heldBy}</th>
            </tr>
          </thead>
          <tbody>
            {facts.holds.map((hold) => (
              <tr>
                <th scope="row">
                  {hold.saleShopId !== null && hold.saleId !== null ? (
                    <a href={saleHref({ saleShopId: hold.saleShopId, saleId: hold.saleId }, shop)}>
                      {t.sale(inFull({ saleShopId: hold.saleShopId, saleId: hold.saleId }, shop))}
                    </a>
                  ) : (
                    t.aGift
                  )}
                </th>
                <td class="money">{formats.money(hold.amountMinor, payment.currency)}</td>
                <td>{formats.instant(endOf(hold))}</td>
                <td dir="auto">
                  {hold.shopId === shop.shopId
                    ? whoOf(hold, reader)
                    : `${whoOf(hold, reader)}, ${hold.shopName ?? hold.shopId}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
};

/** A sale lets go a good while before its payments do. */
function endOf({ parentKind, expiresAt }: OpenHoldRow): string {
  return parentKind === 'sale' ? instantOf(Date.parse(expiresAt) - BACKSTOP_MS) : expiresAt;
}
