import { isEmail, isName, isPhone, type NewCustomer } from '../../domain/customer/contacts.js';
import type { Errors } from '../http/fields.js';
import type { Values } from '../http/form.js';
import type { Texts } from '../texts/texts.js';

/** The fields of a form in which somebody is named and reached. */
export type ContactFields = Readonly<Record<'name' | 'phone' | 'email', string>>;

/** Reads who somebody is and how they are reached; where something is missing or wrong, says so beside each field. */
export function readContacts(
  values: Values,
  fields: ContactFields,
  { issue, refusals }: Texts,
): { readonly contacts: NewCustomer } | { readonly errors: Errors } {
  const typed = (part: keyof ContactFields) => (values[fields[part]] ?? '').normalize('NFC');
  const [name, phone, email] = [typed('name'), typed('phone'), typed('email')];
  const errors = {
    ...(!isName(name) && { [fields.name]: name === '' ? issue.nameMissing : refusals.invalid_text }),
    ...(phone !== '' && !isPhone(phone) && { [fields.phone]: issue.phoneWrong }),
    ...(email !== '' && !isEmail(email) && { [fields.email]: issue.emailWrong }),
  };
  if (Object.keys(errors).length > 0) return { errors };
  return { contacts: { name, phone: phone || null, email: email || null } };
}
