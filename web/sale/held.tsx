import type { FC } from 'hono/jsx';
import { within } from '../../db/outage.js';
import { listOpenHolds, type OpenHold } from '../../db/sale/openHolds.js';
import type { SaleKey } from '../../domain/payment/command.js';
import { createRoutes, type Pages } from '../http/context.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { signedIn } from '../http/signedIn.js';
import { customerAddress, letGoAddress, saleAddress } from './address.js';
import { ageOf } from './age.js';
import { letGoRoutes } from './letGo.js';
import { Reference } from './reference.js';

const MOST = 200;
const PATIENCE_MS = 3_000;

/** What is held now, and letting go of it. */
export function heldRoutes(parts: PageParts): Pages {
  const { desk, listSql: sql, now } = parts;
  return createRoutes()
    .get('/held', signedIn(desk, 'read'), async (c) => {
      const reader = c.get('reader');
      const holds = await within(PATIENCE_MS, listOpenHolds(sql, c.get('session').shop.shopId, MOST + 1));
      return page(
        c,
        { title: reader.texts.held.title, here: 'held' },
        <>
          <Done reader={reader} let={c.req.query('let')} recorded={c.req.query('recorded')} />
          <Holds reader={reader} holds={holds} nowMs={now()} />
        </>,
      );
    })
    .route('/', letGoRoutes(parts));
}

const Done: FC<{ reader: Reader; let: string | undefined; recorded: string | undefined }> = (props) => {
  const { texts } = props.reader;
  if (props.let === undefined) return null;
  const told = recordings.find((each) => each === props.recorded) ?? 'yes';
  return (
    <p class={told === 'no' ? 'notice amber' : 'notice'} role="status">
      {texts.held.doneOf(props.let)} {texts.recorded[told]}
    </p>
  );
};

const recordings = ['yes', 'no', 'before'] as const;

type HoldsProps = { readonly reader: Reader; readonly holds: readonly OpenHold[]; readonly nowMs: number };

const Holds: FC<HoldsProps> = ({ reader, holds, nowMs }) => {
  const { held } = reader.texts;
  if (holds.length === 0) return <p class="empty sheet">{held.none}</p>;
  return (
    <>
      {holds.length > MOST && <p>{held.more(reader.formats.number(MOST))}</p>}
      <div class="scroll" tabindex={0} role="region" aria-label={held.title}>
        <table class="folding">
          <caption>{held.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{held.sale}</th>
              <th scope="col">{held.customer}</th>
              <th scope="col" class="money">
                {held.amount}
              </th>
              <th scope="col">{held.till}</th>
              <th scope="col">{held.age}</th>
              <th scope="col">{held.ends}</th>
              <th scope="col">{held.letGo}</th>
            </tr>
          </thead>
          <tbody>
            {holds.slice(0, MOST).map((hold) => (
              <Row reader={reader} hold={hold} nowMs={nowMs} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
};

const Row: FC<{ reader: Reader; hold: OpenHold; nowMs: number }> = ({ reader, hold, nowMs }) => {
  const { texts, formats } = reader;
  const { held } = texts;
  const amountMinor = hold.payments.reduce((sum, each) => sum + each.amountMinor, 0);
  const key = saleOf(hold);
  return (
    <tr>
      <th scope="row">
        {key ? <a href={saleAddress(key)}>{key.saleId}</a> : held.gift}
        {hold.payments.map(({ reference }) => (
          <small>
            <Reference reference={reference} />
          </small>
        ))}
      </th>
      <td data-label={held.customer}>
        <a href={customerAddress(hold.customerId)} dir="auto">
          {hold.customerName ?? hold.customerId}
        </a>
      </td>
      <td data-label={held.amount} class="money">
        {formats.money(amountMinor, hold.currency)}
      </td>
      <td data-label={held.till}>{hold.heldBy}</td>
      <td data-label={held.age}>
        <span title={formats.instant(hold.heldAt)}>{ageOf(Date.parse(hold.heldAt), nowMs, formats.locale)}</span>
      </td>
      <td data-label={held.ends}>{formats.instant(hold.endsAt)}</td>
      <td data-label={held.letGo}>
        {key && hold.holdId !== null ? (
          <a class="button second" href={letGoAddress(key, hold.holdId)}>
            {held.letGo}
            <span class="unseen"> {key.saleId}</span>
          </a>
        ) : (
          <small>{held.giftHint}</small>
        )}
      </td>
    </tr>
  );
};

/** Whose hold it is; a gift's is none of a sale. */
function saleOf({ saleShopId, saleId }: OpenHold): SaleKey | undefined {
  return saleShopId === null || saleId === null ? undefined : { saleShopId, saleId };
}
