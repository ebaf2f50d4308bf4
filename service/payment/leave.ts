import { jsonBytes } from '../../domain/json.js';
import type { Command, Wish } from '../../domain/payment/command.js';
import type { Message } from '../../workflows/payment/messages.js';
import { commandIdOf, type Asking } from '../asking.js';
import type { Parts } from '../parts.js';
import { refused, type Refused } from '../refused.js';
import type { Registration } from '../requestKeys.js';
import { ActorsUnavailable, NO_ACTOR, type NoActor } from '../temporal.js';

/** It waits with Temporal, durable. What becomes of it can be asked for. */
export type Sent = { readonly outcome: 'sent'; readonly reference: string; readonly commandId: string };

/** Leaves with Temporal what may be left there. `NO_ACTOR` when it has to be decided at once. */
export async function leave(
  parts: Parts,
  asking: Asking,
  { reference, wish, message, standing }: Leaving,
): Promise<Sent | Refused | NoActor> {
  const { who, async } = asking;
  if (async !== 'respond-async' || (wish.kind !== 'apply' && wish.kind !== 'refund')) return NO_ACTOR;
  const commandId = commandIdOf(asking);
  // A key that was used before gets its answer at once. A signal of another request would be dropped without a word.
  if (standing === 'another' || (standing === 'unknown' && (await isRemembered(parts, reference, commandId))))
    return NO_ACTOR;
  const { customerId } = wish;
  const books = standing === 'unknown' ? 'away' : 'there';
  const caller = `${who.shop.shopId}\n${who.caller}`;
  const bytes = jsonBytes(message);
  const sent = await parts.signalLimit({ caller, reference, commandId, customerId, books, bytes }, () =>
    parts.actors.signal(reference, wish.kind, message),
  );
  if (sent === NO_ACTOR) return NO_ACTOR;
  if (sent === 'full') return refused(parts, 'try_later');
  // Nobody waits for it; but its work is still to be done, and whoever bounds a caller's work is told.
  await parts.untilRecorded({ reference, commandId }, 0);
  return { outcome: 'sent', reference, commandId };
}

type Leaving = {
  readonly reference: string;
  readonly wish: Wish<Command>;
  readonly message: Message;
  readonly standing: Registration['standing'];
};

/** Whether the payment knows this id, in place of books that are away. Without a worker nobody can tell. */
async function isRemembered({ actors }: Parts, reference: string, commandId: string): Promise<boolean> {
  try {
    const remembered = await actors.remembered(reference, commandId);
    return remembered !== NO_ACTOR && remembered.outcome !== 'unknown';
  } catch (error) {
    if (error instanceof ActorsUnavailable) return false;
    throw error;
  }
}
