import { callerOf, type By } from '../domain/payment/command.js';
import type { Role } from '../domain/roles.js';
import type { Shop } from '../domain/shop.js';

/** Who asks: the till or person that a key names, in which shop, what it may do, and on whose behalf it asks. */
export type Who = {
  readonly caller: string;
  readonly role: Role;
  readonly shop: Shop;
  readonly staffId?: string | undefined;
};

/** A request that moves money, whatever it asks for. */
export type Asking = {
  readonly who: Who;
  /** Of the caller's name and key: a repeat has the same one. */
  readonly requestId: string;
  /** The id of the command that carries it out, where that has one of its own. */
  readonly stepId?: string | undefined;
  /** Of all that it asks: another one under the same id is another request. */
  readonly requestHash: string;
  /** `respond-async` leaves a command with Temporal, for whenever a worker runs, where that can be. */
  readonly async: 'respond-async' | 'answer';
  /** How long it waits until what was decided can be read back from the books. */
  readonly waitMs: number;
  /** Why it is to be done even where a rule of law stands against it. */
  readonly againstLawBecause?: string | undefined;
};

export function byOf({ caller, shop, staffId }: Who): By {
  return callerOf({ caller, shopId: shop.shopId }, staffId);
}

/** The id of the command that it is. */
export function commandIdOf({ requestId, stepId = requestId }: Asking): string {
  return stepId;
}

/** The key of a request, as the books keep it. */
export function keyOf({ who, requestId, requestHash }: Asking, reference: string | null) {
  return { requestId, requestHash, caller: who.caller, reference };
}
