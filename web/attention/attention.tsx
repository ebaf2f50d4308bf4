import type { FC } from 'hono/jsx';
import type { Attended } from '../../db/attention/attended.js';
import { isCallersId } from '../../domain/ids.js';
import { readReference } from '../../domain/reference.js';
import { isShopId } from '../../domain/shop.js';
import { countOf, MOST_SHOWN } from '../../service/attention/attention.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { Malformed, NotFound } from '../http/faults.js';
import { readForm, type Values } from '../http/form.js';
import { attentionOf, page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { signedIn } from '../http/signedIn.js';
import { Differences } from './differences.js';
import { Frozen, Gifts, Missing, Reference, Sale, Sales, Signals } from './sections.js';

/** What cannot settle itself, each with what a person does about it. */
export function attentionRoutes({ desk }: PageParts): Pages {
  const managers = signedIn(desk, 'manage');
  return createRoutes()
    .get('/attention', managers, show)
    .post('/attention', managers, async (c) => {
      const session = c.get('session');
      const what = attendedIn(await readForm(c));
      const by = {
        caller: `staff:${session.staffId}`,
        shopId: session.shop.shopId,
        looksAfter: attentionOf(session),
      };
      if ((await c.get('attention').settle(what, by)) === 'unknown') throw new NotFound();
      return c.redirect(`/attention?${new URLSearchParams(settledAs(what)).toString()}`, 303);
    });
}

/** @throws Malformed */
function attendedIn({ reference: typed = '', commandId = '', shop = '', sale = '', number = '' }: Values): Attended {
  const reference = readReference(typed);
  if (reference !== undefined && isCallersId(commandId)) return { kind: 'signal', reference, commandId };
  if (!isShopId(shop) || !isCallersId(sale) || !/^\d{1,15}$/.test(number)) throw new Malformed();
  return { kind: 'sale', saleShopId: shop, saleId: sale, number: Number(number) };
}

function settledAs(what: Attended): Record<string, string> {
  if (what.kind === 'signal') return { settled: what.reference };
  return { settled: what.saleId, shop: what.saleShopId };
}

async function show(c: PageContext): Promise<Response> {
  const reader = c.get('reader');
  const { attention } = reader.texts;
  const { shown, count } = await c.get('attention').list(attentionOf(c.get('session')));
  const body =
    count === 0 ? (
      <p class="empty sheet">{attention.none}</p>
    ) : (
      <>
        <p>{attention.intro}</p>
        {count > countOf(shown) && <p>{attention.more(reader.formats.number(MOST_SHOWN))}</p>}
        <Missing reader={reader} missing={shown.missing} />
        <Differences reader={reader} differences={shown.differences} />
        <Frozen reader={reader} frozen={shown.frozen} />
        <Sales reader={reader} sales={shown.sales} />
        <Gifts reader={reader} gifts={shown.gifts} />
        <Signals reader={reader} signals={shown.signals} />
      </>
    );
  return page(
    c,
    { title: attention.title, here: 'attention' },
    <>
      <Settled reader={reader} settled={c.req.query('settled')} shop={c.req.query('shop')} />
      {body}
    </>,
  );
}

/** What was just marked as settled, to be opened once more should it have been another. */
const Settled: FC<{ reader: Reader; settled: string | undefined; shop: string | undefined }> = (props) => {
  const { reader, settled = '', shop } = props;
  const reference = readReference(settled);
  const isSale = shop !== undefined && isShopId(shop) && isCallersId(settled);
  if (reference === undefined && !isSale) return null;
  return (
    <p class="notice" role="status">
      {reader.texts.attention.isSettled}{' '}
      {isSale ? <Sale reader={reader} saleShopId={shop} saleId={settled} /> : <Reference reference={reference ?? ''} />}
    </p>
  );
};
