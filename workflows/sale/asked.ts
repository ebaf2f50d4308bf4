import type { Asked } from '../../domain/sale/answers.js';
import { instantOf, type Instant } from '../../domain/instants.js';
import { saleKeyOf, type By, type Hold, type SaleKey } from '../../domain/payment/command.js';
import type { HoldThere } from '../activities.js';
import type { Share } from '../../domain/sale/quote.js';
import { BACKSTOP_MS } from '../../domain/sale/lifetimes.js';
import { parentInSale, saleStepId, stepsOfHolds, type SaleStep } from '../../domain/sale/stepId.js';
import { needsNoHold } from '../../domain/sale/settle.js';
import type { Begun, HoldSale, SettleSale, Source } from '../../domain/sale/sale.js';

/** Who asks a sale for something, and under which id: the ids of its steps are made of it. */
export type Asking = { readonly commandId: string; readonly by: By };

/** What every step of a sale says of itself. */
function step(sale: Begun, { commandId, by }: Asking, name: SaleStep, reference: string) {
  return { commandId: saleStepId(sale, commandId, name, reference), by, parent: parentInSale(sale, commandId) };
}

/** All that a command may have asked of the holds that a sale has, to find out whether it has begun. */
export function stepsOnHolds(sale: SaleKey, commandId: string, sources: readonly Source[]) {
  return sources.flatMap(({ reference }) =>
    stepsOfHolds.map((name) => ({ reference, commandId: saleStepId(sale, commandId, name, reference) })),
  );
}

/**
 * What a sale asks of the payments that it is to draw on: to hold, or of one alone that it settles with, to give it at
 * once. Without the lines, which travel once for all payments.
 */
export function selling(sale: Begun, command: HoldSale | SettleSale): Asked[] {
  const { holdExpiresAt: expiresAt, sources } = sale.attempt;
  return sources.map(({ reference, holdId: commandId, heldMinor: amountMinor }, i) => {
    const takenMinor = command.payments[i]?.takenMinor ?? 0;
    if (needsNoHold(command)) return applying(sale, command, { reference, amountMinor }, takenMinor);
    return holding(sale, command, reference, {
      commandId,
      amountMinor,
      expiresAt,
      takenMinor,
      ...(command.kind === 'settle' && { followedBy: 'capture' }),
    });
  });
}

/** A hold of this payment for the sale, new or of another size, until its own end, a day after the sale's. */
export function holding(
  sale: Begun,
  { commandId, by }: Asking,
  reference: string,
  more: Pick<Hold, 'commandId' | 'amountMinor' | 'takenMinor' | 'resizes' | 'followedBy'> & {
    readonly expiresAt: Instant;
  },
): Asked {
  const { customerId, currency } = sale.attempt;
  const { expiresAt, ...size } = more;
  const lifetimeMs = Math.max(1, Date.parse(expiresAt) - Date.now()) + BACKSTOP_MS;
  const said = { by, parent: parentInSale(sale, commandId), customerId, currency, ...saleKeyOf(sale) };
  return { reference, command: { kind: 'hold', ...said, lifetimeMs, ...size } };
}

/** Gives a hold that is there another size or a later end. */
export function resizing(
  sale: Begun,
  asking: Asking,
  { reference, holdId }: Source,
  { step: name, ...size }: { step: SaleStep; amountMinor: number; takenMinor?: number | undefined; expiresAt: Instant },
): Asked {
  return holding(sale, asking, reference, {
    commandId: saleStepId(sale, asking.commandId, name, reference),
    resizes: holdId,
    ...size,
  });
}

export function capturing(
  sale: Begun,
  asking: Asking,
  { reference, holdId }: Source,
  { amountMinor, heldUntil }: { amountMinor: number; heldUntil: Instant | undefined },
): Asked {
  const until = heldUntil === undefined ? {} : { heldUntil: instantOf(Date.parse(heldUntil) + BACKSTOP_MS) };
  const said = { ...step(sale, asking, 'capture', reference), ...saleKeyOf(sale) };
  return { reference, command: { kind: 'capture', ...said, holdId, amountMinor, ...until } };
}

/**
 * Without its lines, which travel once for all payments.
 *
 * @param takenMinor what the sale has taken of it before, where it may be refused; else it has to happen
 */
export function applying(sale: Begun, asking: Asking, { reference, amountMinor }: Share, takenMinor?: number): Asked {
  const { customerId, currency } = sale.attempt;
  const said = { ...step(sale, asking, 'apply', reference), ...saleKeyOf(sale) };
  const believed = takenMinor === undefined ? {} : { takenMinor };
  return { reference, command: { kind: 'apply', ...said, customerId, amountMinor, currency, ...believed } };
}

/** Uses up the id of a command that may not have arrived: of the two, only what comes first is decided. */
export function withdrawing(sale: Begun, { commandId, by }: Asking, { reference, command }: Asked): Asked {
  const { commandId: id } = command;
  const said = { commandId: id, by, parent: parentInSale(sale, commandId) };
  return { reference, command: { kind: 'release', ...said, holdId: id, cause: 'asked' } };
}

export function releasing(sale: Begun, asking: Asking, { reference, holdId }: HoldThere): Asked {
  return {
    reference,
    command: { kind: 'release', ...step(sale, asking, 'release', reference), holdId, cause: 'asked' },
  };
}
