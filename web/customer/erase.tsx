import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import { findContacts } from '../../db/customer/contacts.js';
import { paymentsOf } from '../../db/customer/payments.js';
import { whileAway, within } from '../../db/outage.js';
import { isReason, MAX_REASON_LENGTH } from '../../domain/ids.js';
import { isPermitted } from '../../domain/roles.js';
import { roleOf } from '../../domain/staff.js';
import { erase } from '../../service/customer/erase.js';
import type { PageContext } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { ErrorSummary, errorsOfSignature, Signature, TextField, type Errors } from '../http/fields.js';
import { askingOf, FORM_KEY, readForm, whoAsks, type Values } from '../http/form.js';
import { FormKey } from '../http/layout.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { ShowAgain } from '../http/signedIn.js';
import type { Reader } from '../http/reader.js';
import { outageOf } from '../http/wrong.js';
import { customerIdOf, customerPath } from './address.js';

const PATIENCE_MS = 3_000;

export async function showErasing(c: PageContext, parts: PageParts): Promise<Response> {
  const { sql } = parts;
  const customerId = customerIdOf(c);
  const [known, payments] = await within(
    PATIENCE_MS,
    Promise.all([findContacts(sql, customerId), paymentsOf(sql, customerId, 1)]),
  );
  if (!known && payments.length === 0) throw new NotFound();
  return show({ c, parts }, { values: { [FORM_KEY]: randomUUID() }, errors: {} }, 200);
}

export const eraseAgain =
  (parts: PageParts): ShowAgain =>
  (c, values) =>
    show({ c, parts }, { values, errors: {} }, 200);

/** A manager erases, or signs for it. */
export async function eraseWhoItIs(c: PageContext, parts: PageParts): Promise<Response> {
  const customerId = customerIdOf(c);
  const values = await readForm(c);
  const reader = c.get('reader');
  const { texts } = reader;
  try {
    const signed = await whoAsks(c, parts.desk, values, 'manage');
    if (signed.outcome !== 'signed')
      return await show({ c, parts }, { values, errors: errorsOfSignature(reader, signed) }, 403);
    const reason = (values['reason'] ?? '').normalize('NFC');
    if (reason === '')
      return await show(
        { c, parts },
        { values, errors: { reason: texts.forms.required(texts.customer.erase.reason) } },
        422,
      );
    if (!isReason(reason))
      return await show({ c, parts }, { values, errors: { reason: texts.refusals.invalid_text } }, 422);
    const asking = askingOf(c, values, signed.who);
    const code = asking ? await refusalOf(parts, asking, { customerId, reason }) : 'idempotency_key_required';
    if (code === undefined) return c.redirect(`${customerPath(customerId)}?done=erased`, 303);
    const anew = { ...values, [FORM_KEY]: randomUUID() };
    return await show({ c, parts }, { values: anew, errors: { '': texts.refusals[code] } }, 422);
  } catch (error) {
    const outage = outageOf(error, texts.problems);
    if (outage === undefined) throw error;
    return show({ c, parts }, { values, errors: { '': outage } }, 503);
  }
}

async function refusalOf(...asked: Parameters<typeof erase>) {
  const result = await erase(...asked);
  return result.outcome === 'refused' ? result.code : undefined;
}

type Place = { readonly c: PageContext; readonly parts: PageParts };
type Typed = { readonly values: Values; readonly errors: Errors };

async function show({ c, parts }: Place, typed: Typed, status: 200 | 403 | 422 | 503): Promise<Response> {
  const customerId = customerIdOf(c);
  const reader = c.get('reader');
  const signing = isPermitted(roleOf(c.get('session').staffRole), 'manage') ? 'not_needed' : 'needed';
  const name = await nameOf(parts, customerId);
  const props = { reader, customerId, name, signing, ...typed } as const;
  const title = reader.texts.customer.erase.title(name ?? customerId);
  return page(c, { title, here: 'customers', status }, <EraseForm {...props} />);
}

/** While the books are away a form that is shown again does without the name. */
async function nameOf({ sql }: PageParts, customerId: string): Promise<string | undefined> {
  return (await within(PATIENCE_MS, findContacts(sql, customerId)).catch(whileAway(undefined)))?.name;
}

type FormProps = Typed & {
  readonly reader: Reader;
  readonly customerId: string;
  readonly signing: 'needed' | 'not_needed';
};

const EraseForm: FC<FormProps> = ({ reader, customerId, values, errors, signing }) => {
  const { customer, forms } = reader.texts;
  const { erase: words } = customer;
  return (
    <form class="sheet narrow" method="post" action={customerPath(customerId, '/erase')}>
      <ErrorSummary reader={reader} errors={errors} />
      <p>{customer.number(customerId)}</p>
      <h2>{words.erased}</h2>
      <ul>
        {words.erases.map((each) => (
          <li>{each}</li>
        ))}
      </ul>
      <h2>{words.stays}</h2>
      <ul>
        {words.staying.map((each) => (
          <li>{each}</li>
        ))}
      </ul>
      <p class="notice amber">{words.forGood}</p>
      <FormKey formKey={values[FORM_KEY] ?? ''} />
      <TextField
        name="reason"
        label={words.reason}
        hint={words.reasonHint}
        values={values}
        errors={errors}
        maxlength={MAX_REASON_LENGTH}
        autocomplete="off"
      />
      {signing === 'needed' && <Signature reader={reader} values={values} errors={errors} />}
      <div class="actions">
        <button class="amber">{words.confirm}</button>
        <a href={customerPath(customerId)}>{forms.cancel}</a>
      </div>
    </form>
  );
};
