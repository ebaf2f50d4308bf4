import type { FC } from 'hono/jsx';
import { listShops } from '../../db/shops.js';
import { whileAway, within } from '../../db/outage.js';
import { isCallersId } from '../../domain/ids.js';
import { readReference } from '../../domain/reference.js';
import { isShopId, type Shop } from '../../domain/shop.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { ErrorSummary, SelectField, TextField, type Errors } from '../http/fields.js';
import type { Values } from '../http/form.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { signedIn } from '../http/signedIn.js';
import { paymentAddress, saleAddress, saleKeyIn } from './address.js';
import { loadSale, type SaleShown } from './load.js';
import { Reference } from './reference.js';
import { returnRoutes } from './return.js';
import { NewCredit } from './returnsOfSale.js';
import { SalePage } from './salePage.js';

/** Sales: found by their number, read, and taken back. */
export function saleRoutes(parts: PageParts): Pages {
  const { desk } = parts;
  return createRoutes()
    .get('/sales', signedIn(desk, 'read'), (c) => find(c, parts))
    .get('/sales/:saleId', signedIn(desk, 'read'), async (c) => {
      const sale = await loadSale(parts, saleKeyIn(c));
      if (!sale) throw new NotFound();
      const [reader, session] = [c.get('reader'), c.get('session')];
      return page(
        c,
        { title: reader.texts.sale.titleOf(sale.key.saleId), here: 'sales' },
        <>
          <Done reader={reader} done={c.req.query('done')} recorded={c.req.query('recorded')} />
          <CreditDone reader={reader} credit={c.req.query('credit')} sale={sale} />
          <SalePage reader={reader} sale={sale} session={session} />
        </>,
      );
    })
    .route('/', returnRoutes(parts));
}

async function find(c: PageContext, parts: PageParts): Promise<Response> {
  const { texts } = c.get('reader');
  const number = c.req.query('number')?.trim() ?? '';
  const shop = c.req.query('shop') ?? c.get('session').shop.shopId;
  const values = { number, shop };
  if (number === '') return showFind(c, parts, { values, errors: {} });
  if (!isCallersId(number) || !isShopId(shop))
    return showFind(c, parts, { values, errors: { number: texts.refusals.invalid_id } });
  const key = { saleShopId: shop, saleId: number };
  if (await loadSale(parts, key)) return c.redirect(saleAddress(key), 303);
  return showFind(c, parts, { values, errors: { number: texts.sale.notFound(number) } });
}

type Typed = { readonly values: Values; readonly errors: Errors };

async function showFind(c: PageContext, { sql }: PageParts, typed: Typed): Promise<Response> {
  const reader = c.get('reader');
  const shops = await shopsToChoose(sql, c.get('session').shops);
  const status = Object.keys(typed.errors).length === 0 ? 200 : 404;
  return page(
    c,
    { title: reader.texts.sale.findTitle, here: 'sales', status },
    <FindForm reader={reader} shops={shops} {...typed} />,
  );
}

const PATIENCE_MS = 1_000;

/** Goods come back to another shop than the one that sold them; while the books are away to the own ones only. */
async function shopsToChoose(sql: PageParts['sql'], own: readonly Shop[]): Promise<readonly Shop[]> {
  return within(PATIENCE_MS, listShops(sql)).catch(whileAway(own));
}

const FindForm: FC<Typed & { reader: Reader; shops: readonly Shop[] }> = ({ reader, shops, values, errors }) => {
  const { sale } = reader.texts;
  return (
    <form class="sheet narrow" method="get" action="/sales">
      <ErrorSummary reader={reader} errors={errors} />
      <TextField
        name="number"
        label={sale.number}
        hint={sale.numberHint}
        values={values}
        errors={errors}
        type="search"
        autocomplete="off"
        maxlength={128}
        focus="first"
      />
      {shops.length > 1 && (
        <SelectField
          name="shop"
          label={sale.shop}
          values={values}
          errors={errors}
          choices={shops.map(({ shopId, name }) => ({ value: shopId, label: name }))}
        />
      )}
      <div class="actions">
        <button>{sale.find}</button>
      </div>
    </form>
  );
};

/** What was done on the page before. */
const Done: FC<{ reader: Reader; done: string | undefined; recorded: string | undefined }> = (props) => {
  const { texts } = props.reader;
  if (props.done !== 'returned') return null;
  const told = recordings.find((each) => each === props.recorded) ?? 'yes';
  return (
    <p class={told === 'no' ? 'notice amber' : 'notice'} role="status">
      {texts.sale.returned} {texts.recorded[told]}
    </p>
  );
};

/** What became of the store credit of a return. */
const CreditDone: FC<{ reader: Reader; credit: string | undefined; sale: SaleShown }> = ({ reader, credit, sale }) => {
  const { texts } = reader;
  if (credit === undefined) return null;
  const reference = readReference(credit);
  if (reference === undefined)
    return (
      <p class="notice red">
        {texts.sale.creditRefused} <NewCredit reader={reader} sale={sale} />
      </p>
    );
  return (
    <p class="notice" role="status">
      {texts.sale.creditIssued} <Reference reference={reference} />{' '}
      <a href={`${paymentAddress(reference)}/slip`}>{texts.payment.slip}</a>
    </p>
  );
};

const recordings = ['yes', 'no', 'before'] as const;
