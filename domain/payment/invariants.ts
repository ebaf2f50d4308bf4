import { balanceOf, hasEnded, heldOf, type AccountPayment, type Movement } from './payment.js';
import type { SaleTotals } from './state.js';

/** A bug in the domain. Input never causes it. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';
}

/** What holds after every command, whatever it was: asserted before the change is kept. */
export function assertSound(
  before: AccountPayment,
  after: AccountPayment,
  movement: Movement | null,
  sale: SaleTotals | undefined,
): void {
  const [balance, held] = [balanceOf(after), heldOf(after)];
  assert(Number.isSafeInteger(balance) && Number.isSafeInteger(held), 'amounts are whole numbers');
  assert(0 <= held && held <= balance && balance <= after.terms.amountMinor, '0 <= held <= balance <= amount');
  assert(balance === balanceOf(before) + (movement?.amountMinor ?? 0), 'the balance changes by the movement alone');
  assert(after.revision === before.revision + 1, 'a command counts one revision');
  assert(after.lastSequence === before.lastSequence + (movement ? 1 : 0), 'movements are numbered without gaps');
  if (movement) {
    assert(movement.balanceBeforeMinor === balanceOf(before), 'a movement starts where the last one ended');
    assert(movement.amountMinor !== 0, 'a movement moves something');
    assert(!hasEnded(before.standing), 'nothing follows the movement that ended a payment');
  }
  if (sale) assert(sale.takenMinor >= sale.givenBackMinor + sale.keptMinor, 'a sale gives back no more than it took');
  assert(
    (after.standing.status === 'used') === (!hasEnded(after.standing) && balance === 0),
    'used is: unended and empty',
  );
}

function assert(condition: boolean, promise: string): void {
  if (!condition) throw new InvariantBroken(promise);
}
