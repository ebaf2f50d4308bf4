import type { Asked } from '../../domain/sale/answers.js';
import { instantOf, type Instant } from '../../domain/instants.js';
import { saleKeyOf, type By, type Hold, type SaleKey } from '../../domain/payment/command.js';
import type { HoldThere } from '../activities.js';
import type { Share } from '../../domain/sale/quote.js';
import { BACKSTOP_MS } from '../../domain/sale/lifetimes.js';
import { parentInSale, saleStepId, stepsOfHolds, type SaleStep } from '../../domain/sale/stepId.js';
import type { Begun, Source } from '../../domain/sale/sale.js';

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

/** A hold of this payment for the sale, new or of another size, until its own end, a day after the sale's. */
export function holding(
  sale: Begun,
  { commandId, by }: Asking,
  reference: string,
  more: Pick<Hold, 'commandId' | 'amountMinor' | 'takenMinor' | 'resizes'> & { readonly expiresAt: Instant },
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

/** Without its lines, which travel once for all payments. */
export function applying(sale: Begun, asking: Asking, { reference, amountMinor }: Share): Asked {
  const { customerId, currency } = sale.attempt;
  const said = { ...step(sale, asking, 'apply', reference), ...saleKeyOf(sale) };
  return { reference, command: { kind: 'apply', ...said, customerId, amountMinor, currency } };
}

export function releasing(sale: Begun, asking: Asking, { reference, holdId }: HoldThere): Asked {
  return {
    reference,
    command: { kind: 'release', ...step(sale, asking, 'release', reference), holdId, cause: 'asked' },
  };
}
