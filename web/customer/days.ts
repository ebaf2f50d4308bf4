import { isDay } from '../../domain/instants.js';
import type { Errors } from '../http/fields.js';
import type { Values } from '../http/form.js';
import type { Texts } from '../texts/texts.js';

/** Days from and to, as they are asked for; both of them count. */
export type Days = { readonly from?: string | undefined; readonly to?: string | undefined };

/** Reads `from` and `to`, and says what is wrong with them; one that is left out is open. */
export function readDays({ from = '', to = '' }: Values, { days }: Texts['customer']): Days & { errors: Errors } {
  const errors = {
    ...(from !== '' && !isDay(from) && { from: days.wrong }),
    ...(to !== '' && !isDay(to) && { to: days.wrong }),
    ...(isDay(from) && isDay(to) && to < from && { to: days.reversed }),
  };
  return { from: from || undefined, to: to || undefined, errors };
}
