import type { AccountPaymentView, Movement } from '../payment/payment.js';
import type { CommandRecord } from '../payment/state.js';

/** What of a payment's row is compared. */
export type BookedRow = Pick<
  AccountPaymentView,
  'status' | 'balanceMinor' | 'heldMinor' | 'endedBalanceMinor' | 'expiresAt' | 'frozenCauses' | 'revision'
> & { readonly lastSequence: number };

/** What of a movement is compared: all that moves money; not the reason, which can be erased. */
export type BookedMovement = Pick<
  Movement,
  'sequence' | 'kind' | 'amountMinor' | 'balanceBeforeMinor' | 'balanceAfterMinor'
> & {
  readonly commandId: string;
  readonly saleShopId: string | null;
  readonly saleId: string | null;
  readonly counterpart: string | null;
  readonly tender: Movement['tender'] | null;
  readonly caller: string;
  readonly shopId: string;
  readonly movedAt: string;
};

/** What of a command is compared: what was asked, by whom, and what became of it; not its details. */
export type BookedCommand = Pick<CommandRecord, 'commandId' | 'revision' | 'kind' | 'bodyHash' | 'outcome'> & {
  readonly caller: string;
  readonly shopId: string;
  readonly decidedAt: string;
  readonly saleShopId: string | null;
  readonly saleId: string | null;
  readonly keptMinor: number;
};

/** All that the books have of one payment, as of one moment. */
export type BookedPayment = {
  readonly row: BookedRow;
  readonly movements: readonly BookedMovement[];
  readonly commands: readonly BookedCommand[];
};

export function movementOf({ movement, commandId, by, at }: CommandRecord): BookedMovement | null {
  if (!movement) return null;
  const { sequence, kind, amountMinor, balanceBeforeMinor, balanceAfterMinor } = movement;
  const { saleShopId, saleId, counterpart, tender } = movement;
  return {
    sequence,
    kind,
    amountMinor,
    balanceBeforeMinor,
    balanceAfterMinor,
    commandId,
    saleShopId: saleShopId ?? null,
    saleId: saleId ?? null,
    counterpart: counterpart ?? null,
    tender: tender ?? null,
    caller: by.caller,
    shopId: by.shopId,
    movedAt: at,
  };
}

export function commandOf({ commandId, revision, kind, bodyHash, outcome, by, at, details }: CommandRecord) {
  const { saleShopId, saleId, keptMinor } = details;
  return {
    commandId,
    revision,
    kind,
    bodyHash,
    outcome,
    caller: by.caller,
    shopId: by.shopId,
    decidedAt: at,
    saleShopId: typeof saleShopId === 'string' ? saleShopId : null,
    saleId: typeof saleId === 'string' ? saleId : null,
    keptMinor: typeof keptMinor === 'number' ? keptMinor : 0,
  } satisfies BookedCommand;
}
