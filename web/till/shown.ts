import type { Shop } from '../../domain/shop.js';
import type { Errors } from '../http/fields.js';
import type { Values } from '../http/form.js';
import type { Reader } from '../http/reader.js';
import type { Told } from './draft.js';
import type { Named } from './find.js';
import type { Sight } from './sight.js';

/** Where the next key goes, which a scanner may be the one to press; `kept` is where it is. */
export type Focus = 'customer' | 'product' | 'amount' | 'choice' | 'error' | 'kept';

export type Shown = {
  readonly reader: Reader;
  readonly shop: Shop;
  readonly sight: Sight;
  /** The text of every field. */
  readonly values: Values;
  readonly errors: Errors;
  readonly formKey: string;
  readonly customers: readonly Named[];
  readonly products: readonly Named[];
  readonly told: Told | undefined;
  readonly focus: Focus;
};
