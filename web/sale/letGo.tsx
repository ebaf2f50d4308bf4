import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import { isCallersId } from '../../domain/ids.js';
import type { SaleKey } from '../../domain/payment/command.js';
import { isPermitted } from '../../domain/roles.js';
import type { SaleView } from '../../domain/sale/sale.js';
import { isShopId } from '../../domain/shop.js';
import { roleOf } from '../../domain/staff.js';
import { commandSale } from '../../service/sale/command.js';
import { readSale } from '../../service/sale/read.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { errorsOfSignature, ErrorSummary, Signature, type Errors } from '../http/fields.js';
import { askingOf, FORM_KEY, readForm, whoAsks, type Values } from '../http/form.js';
import { FormKey } from '../http/layout.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { signedIn, type ShowAgain } from '../http/signedIn.js';
import { outageOf } from '../http/wrong.js';
import { saleAddress } from './address.js';
import { refusalTold } from './refusal.js';
import { Reference } from './reference.js';

/** A hold is let go through its sale, which refuses that once it completes; a manager signs. */
export function letGoRoutes(parts: PageParts): Pages {
  const { desk } = parts;
  const again: ShowAgain = (c, values) => show(c, { values, errors: {}, found: 'not_asked' }, 200);
  return createRoutes()
    .get('/held/let-go', signedIn(desk, 'read'), async (c) => {
      const { shop = c.get('session').shop.shopId, sale = '', hold = '' } = c.req.query();
      const values = { shop, sale, hold, [FORM_KEY]: randomUUID() };
      return show(c, { values, errors: {}, found: await readSale(parts, keyIn(values)) }, 200);
    })
    .post('/held/let-go', signedIn(desk, 'read', again), async (c) => {
      const values = await readForm(c);
      try {
        return await letGo(c, parts, values);
      } catch (error) {
        const outage = outageOf(error, c.get('reader').texts.problems);
        if (outage === undefined) throw error;
        return show(c, { values, errors: { '': outage }, found: 'not_asked' }, 503);
      }
    });
}

async function letGo(c: PageContext, parts: PageParts, values: Values): Promise<Response> {
  const key = keyIn(values);
  const reader = c.get('reader');
  const signed = await whoAsks(c, parts.desk, values, 'manage');
  if (signed.outcome !== 'signed') {
    const errors = errorsOfSignature(reader, signed);
    return show(c, { values, errors, found: await readSale(parts, key) }, 403);
  }
  const asking = askingOf(c, values, signed.who);
  const anew = { ...values, [FORM_KEY]: randomUUID() };
  if (!asking) {
    const errors = { '': reader.texts.refusals.idempotency_key_required };
    return show(c, { values: anew, errors, found: await readSale(parts, key) }, 422);
  }
  const result = await commandSale(parts, asking, key, { kind: 'release', holdId: values['hold'] ?? '' });
  if (result.outcome === 'accepted') {
    const recorded = result.delivery === 'replayed' ? 'before' : result.recorded ? 'yes' : 'no';
    return c.redirect(`/held?${new URLSearchParams({ let: key.saleId, recorded }).toString()}`, 303);
  }
  const found = await readSale(parts, key);
  const errors = { '': refusalTold(reader, result, found?.currency ?? signed.who.shop.currency) };
  return show(c, { values: anew, errors, found }, 422);
}

function keyIn({ shop = '', sale = '', hold = '' }: Values): SaleKey {
  if (!isShopId(shop) || !isCallersId(sale) || !isCallersId(hold)) throw new NotFound();
  return { saleShopId: shop, saleId: sale };
}

type Shown = {
  readonly values: Values;
  readonly errors: Errors;
  readonly found: SaleView | undefined | 'not_asked';
};

function show(c: PageContext, shown: Shown, status: 200 | 403 | 422 | 503): Promise<Response> {
  const reader = c.get('reader');
  if (shown.found === undefined) throw new NotFound();
  const isOwn = isPermitted(roleOf(c.get('session').staffRole), 'manage');
  const signing = isOwn ? 'not_needed' : 'needed';
  const title = reader.texts.held.letGoTitle(shown.values['sale'] ?? '');
  return page(c, { title, here: 'held', status }, <LetGoForm reader={reader} signing={signing} {...shown} />);
}

type FormProps = Shown & { readonly reader: Reader; readonly signing: 'needed' | 'not_needed' };

const LetGoForm: FC<FormProps> = ({ reader, values, errors, found, signing }) => {
  const { held, forms } = reader.texts;
  const key = keyIn(values);
  const isOver = typeof found === 'object' && (hasEnded(found.status) || found.holdId !== values['hold']);
  return (
    <form class="sheet narrow" method="post" action="/held/let-go">
      <ErrorSummary reader={reader} errors={errors} />
      {typeof found === 'object' && <Facts reader={reader} sale={found} />}
      {isOver ? (
        <p class="notice amber">{held.notHeld}</p>
      ) : (
        <>
          <p>{held.letGoWhy}</p>
          {['shop', 'sale', 'hold'].map((name) => (
            <input type="hidden" name={name} value={values[name] ?? ''} />
          ))}
          <FormKey formKey={values[FORM_KEY] ?? ''} />
          {signing === 'needed' && <Signature reader={reader} values={values} errors={errors} />}
        </>
      )}
      <div class="actions">
        {!isOver && <button class="amber">{held.confirm}</button>}
        <a href={saleAddress(key)}>{reader.texts.sale.titleOf(key.saleId)}</a>
        <a href="/held">{forms.back}</a>
      </div>
    </form>
  );
};

/** One that is in the middle of something may still be held afterwards: the sale says whether it can be let go. */
function hasEnded(status: SaleView['status']): boolean {
  switch (status) {
    case 'completed':
    case 'released':
    case 'lapsed':
    case 'refused':
      return true;
    case 'holding':
    case 'held':
    case 'replacing':
    case 'capturing':
    case 'releasing':
      return false;
  }
}

const Facts: FC<{ reader: Reader; sale: SaleView }> = ({ reader: { texts, formats }, sale }) => (
  <dl class="facts">
    <dt>{texts.sale.state}</dt>
    <dd>{texts.sale.statuses[sale.status]}</dd>
    <dt>{texts.held.amount}</dt>
    <dd>{formats.money(sale.heldMinor, sale.currency)}</dd>
    {sale.status === 'held' && (
      <>
        <dt>{texts.sale.holdEnds}</dt>
        <dd>{formats.instant(sale.holdExpiresAt)}</dd>
      </>
    )}
    <dt>{texts.held.payments}</dt>
    <dd>
      {sale.payments.map(({ reference }) => (
        <>
          <Reference reference={reference} />{' '}
        </>
      ))}
    </dd>
  </dl>
);
