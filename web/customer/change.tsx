import type { FC } from 'hono/jsx';
import { findContacts } from '../../db/customer/contacts.js';
import { paymentsOf } from '../../db/customer/payments.js';
import { within } from '../../db/outage.js';
import { MAX_NAME_LENGTH } from '../../domain/customer/contacts.js';
import { changeCustomersContacts } from '../../service/customer/changeContacts.js';
import type { PageContext } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { ErrorSummary, TextField, type Errors } from '../http/fields.js';
import { readForm, type Values } from '../http/form.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { ShowAgain } from '../http/signedIn.js';
import type { Reader } from '../http/reader.js';
import { outageOf } from '../http/wrong.js';
import { customerIdOf, customerPath } from './address.js';
import { readContacts } from './typed.js';

const PATIENCE_MS = 3_000;
const FIELDS = { name: 'name', phone: 'phone', email: 'email' };
/** When what the form was made from had been written. */
const SEEN_AT = 'seenAt';

export async function showChange(c: PageContext, { sql }: PageParts): Promise<Response> {
  const customerId = customerIdOf(c);
  const known = await within(PATIENCE_MS, findContacts(sql, customerId));
  if (!known && (await within(PATIENCE_MS, paymentsOf(sql, customerId, 1))).length === 0) throw new NotFound();
  const { name = '', phone = null, email = null, updatedAt = '' } = known ?? {};
  const values = { name, phone: phone ?? '', email: email ?? '', [SEEN_AT]: updatedAt };
  return show(c, customerId, { values, errors: {} }, 200);
}

export const changeAgain: ShowAgain = (c, values) => show(c, customerIdOf(c), { values, errors: {} }, 200);

/** Sent again, it is the same change: it needs no key. */
export async function change(c: PageContext, parts: PageParts): Promise<Response> {
  const customerId = customerIdOf(c);
  const values = await readForm(c);
  const { texts } = c.get('reader');
  const read = readContacts(values, FIELDS, texts);
  if ('errors' in read) return show(c, customerId, { values, errors: read.errors }, 422);
  try {
    const outcome = await changeCustomersContacts(parts, { customerId, ...read.contacts }, seenAtIn(values));
    if (outcome === 'changed') return c.redirect(`${customerPath(customerId)}?done=changed`, 303);
    const errors = { '': texts.customer.change.changedMeanwhile };
    return await show(c, customerId, { values, errors }, 409);
  } catch (error) {
    const outage = outageOf(error, texts.problems);
    if (outage === undefined) throw error;
    return show(c, customerId, { values, errors: { '': outage } }, 503);
  }
}

function seenAtIn(values: Values): string | null {
  const seenAt = values[SEEN_AT] ?? '';
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(seenAt) && !Number.isNaN(Date.parse(seenAt))
    ? seenAt
    : null;
}

type Typed = { readonly values: Values; readonly errors: Errors };

function show(c: PageContext, customerId: string, typed: Typed, status: 200 | 409 | 422 | 503): Promise<Response> {
  const reader = c.get('reader');
  const title = reader.texts.customer.change.title(customerId);
  return page(
    c,
    { title, here: 'customers', status },
    <ChangeForm reader={reader} customerId={customerId} {...typed} />,
  );
}

const ChangeForm: FC<Typed & { reader: Reader; customerId: string }> = ({ reader, customerId, values, errors }) => {
  const { customer, forms } = reader.texts;
  const optional = (label: string) => `${label} (${forms.optional})`;
  const fields = { values, errors, autocomplete: 'off' };
  return (
    <form class="sheet narrow" method="post" action={customerPath(customerId, '/contacts')}>
      <ErrorSummary reader={reader} errors={errors} />
      <input type="hidden" name={SEEN_AT} value={values[SEEN_AT] ?? ''} />
      <TextField name="name" label={customer.change.name} maxlength={MAX_NAME_LENGTH} focus="first" {...fields} />
      <TextField name="phone" label={optional(customer.change.phone)} type="tel" maxlength={40} {...fields} />
      <TextField name="email" label={optional(customer.change.email)} type="email" maxlength={254} {...fields} />
      <div class="actions">
        <button>{customer.change.save}</button>
        <a href={customerPath(customerId)}>{forms.cancel}</a>
      </div>
    </form>
  );
};
