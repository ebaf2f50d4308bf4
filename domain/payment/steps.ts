import { resized, type AccountPayment, type OpenHold } from './payment.js';
import type { Capture, Command, Hold } from './command.js';
import { instantOf } from '../instants.js';
import type { HoldEnd } from './state.js';

export type Step = {
  readonly payment?: Partial<Pick<AccountPayment, 'holds' | 'expiresAt' | 'frozen'>>;
  readonly ends?: 'expired' | 'cancelled';
  readonly endedHold?: { readonly holdId: string; readonly end: HoldEnd };
};

/** What a command does besides moving the balance. */
export function stepOf(payment: AccountPayment, command: Command, nowMs: number): Step {
  switch (command.kind) {
    case 'apply':
    case 'refund':
    case 'payOut':
      return {};
    case 'hold':
      return { payment: { holds: holding(payment, command, nowMs) } };
    case 'capture':
      return capturing(payment, command);
    case 'release':
      return closing(payment, command.holdId, command.cause === 'lapsed' ? 'expired' : 'closed');
    case 'cancel':
      return { ends: 'cancelled' };
    case 'expire':
      return { ends: 'expired' };
    case 'extend':
      return { payment: { expiresAt: command.expiresAt } };
    case 'freeze':
      return { payment: { frozen: [...payment.frozen, command.cause] } };
    case 'thaw':
      return { payment: { frozen: payment.frozen.filter((cause) => cause !== command.cause) } };
  }
}

/** A new hold comes last; one that takes another size stays where it is. */
function holding(payment: AccountPayment, command: Hold, nowMs: number): readonly OpenHold[] {
  const target =
    'saleId' in command ? { saleShopId: command.saleShopId, saleId: command.saleId } : { giftId: command.giftId };
  const size = { amountMinor: command.amountMinor, expiresAt: instantOf(nowMs + command.lifetimeMs) };
  const before = resized(payment, command);
  const { caller, shopId } = command.by;
  if (!before) return [...payment.holds, { holdId: command.commandId, ...target, ...size, by: { caller, shopId } }];
  return payment.holds.map((hold) => (hold === before ? { ...hold, ...size } : hold));
}

/** What is not taken stays held when the capture says until when. */
function capturing(payment: AccountPayment, { holdId, amountMinor, heldUntil }: Capture): Step {
  const hold = payment.holds.find((each) => each.holdId === holdId);
  if (heldUntil === undefined || !hold || hold.amountMinor === amountMinor) return closing(payment, holdId, 'closed');
  const rest = { ...hold, amountMinor: hold.amountMinor - amountMinor, expiresAt: heldUntil };
  return { payment: { holds: payment.holds.map((each) => (each === hold ? rest : each)) } };
}

function closing(payment: AccountPayment, holdId: string, end: HoldEnd): Step {
  return { payment: { holds: payment.holds.filter((hold) => hold.holdId !== holdId) }, endedHold: { holdId, end } };
}
