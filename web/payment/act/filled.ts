import type { Customer } from '../../../db/customer/customers.js';
import type { Errors } from '../../http/fields.js';
import type { Values } from '../../http/form.js';
import type { Reader } from '../../http/reader.js';
import type { ActName } from './asked.js';
import type { Known } from './foresee.js';

/** A form as it is filled in so far. */
export type Filled = {
  readonly act: ActName;
  readonly known: Known;
  readonly reader: Reader;
  readonly values: Values;
  readonly errors: Errors;
  /** Who may be meant by what was typed. */
  readonly customers?: readonly Customer[] | undefined;
};
