import type { AccountPaymentView, Movement } from '../payment/payment.js';
import type { CommandRecord, Details } from '../payment/state.js';

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
  readonly staffId: string | null;
  readonly shopId: string;
  readonly movedAt: string;
};

/** What of a command is compared: what was asked, by whom, and what became of it; not its reasons. */
export type BookedCommand = Pick<CommandRecord, 'commandId' | 'revision' | 'kind' | 'bodyHash' | 'outcome'> & {
  readonly caller: string;
  readonly staffId: string | null;
  readonly shopId: string;
  readonly decidedAt: string;
  readonly saleShopId: string | null;
  readonly saleId: string | null;
  readonly keptMinor: number;
  readonly details: Details;
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
    staffId: by.staffId ?? null,
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
    staffId: by.staffId ?? null,
    shopId: by.shopId,
    decidedAt: at,
    saleShopId: typeof saleShopId === 'string' ? saleShopId : null,
    saleId: typeof saleId === 'string' ? saleId : null,
    keptMinor: typeof keptMinor === 'number' ? keptMinor : 0,
    details,
  } satisfies BookedCommand;
}

/** The same without what people typed, which can be erased: why it was asked, and why it was done against a law. */
export function withoutReasons({ details, ...command }: BookedCommand) {
  const { reason: _, law, ...asked } = details;
  const isLaw = typeof law === 'object' && law !== null;
  return { ...command, details: { ...asked, ...(isLaw && { law: { ...law, reason: undefined } }) } };
}

function kindMadeBy({ kind, saleId }: BookedCommand): BookedMovement['kind'] | null {
  switch (kind) {
    case 'issue':
      return 'issued';
    case 'apply':
      return 'applied';
    case 'capture':
      return saleId === null ? 'gifted' : 'applied';
    case 'refund':
      return 'refunded';
    case 'payOut':
      return 'paid_out';
    case 'cancel':
      return 'cancelled';
    case 'expire':
      return 'expired';
    case 'hold':
    case 'release':
    case 'extend':
    case 'freeze':
    case 'thaw':
      return null;
  }
}

/** Whether a movement says what the command says that made it. What an issue is of stands in neither. */
export function isMadeBy(movement: BookedMovement, command: BookedCommand): boolean {
  const { kind, caller, staffId, shopId, movedAt, saleShopId, saleId, counterpart, tender } = movement;
  const isSame =
    command.outcome === 'accepted' &&
    kind === kindMadeBy(command) &&
    caller === command.caller &&
    staffId === command.staffId &&
    shopId === command.shopId &&
    movedAt === command.decidedAt;
  if (!isSame || kind === 'issued') return isSame;
  const asked = command.details;
  return (
    saleShopId === command.saleShopId &&
    saleId === command.saleId &&
    counterpart === (asked['counterpart'] ?? null) &&
    tender === (asked['tender'] ?? null)
  );
}
