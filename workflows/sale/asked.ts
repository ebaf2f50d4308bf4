import type { Asked } from '../../domain/sale/answers.js';
import { instantOf, type Instant } from '../../domain/instants.js';
import { derivedId, type By, type Hold } from '../../domain/payment/command.js';
import type { HoldThere } from '../activities.js';
import type { Share } from '../../domain/sale/quote.js';
import { BACKSTOP_MS } from '../../domain/sale/lifetimes.js';
import type { Begun, Source } from '../../domain/sale/sale.js';

/** Who asks a sale for something, and under which id: the ids of its steps are made of it. */
export type Asking = { readonly commandId: string; readonly by: By };

function stepId({ saleId }: Begun, { commandId }: Asking, step: string, reference: string): string {
  return derivedId('sale', saleId, commandId, step, reference);
}

/** A hold of this payment for the sale, new or of another size, until its own end, a day after the sale's. */
export function holding(
  sale: Begun,
  { by }: Asking,
  reference: string,
  more: Pick<Hold, 'commandId' | 'amountMinor' | 'takenMinor' | 'resizes'> & { readonly expiresAt: Instant },
): Asked {
  const { saleId, attempt } = sale;
  const { customerId, currency } = attempt;
  const { expiresAt, ...size } = more;
  const lifetimeMs = Math.max(1, Date.parse(expiresAt) - Date.now()) + BACKSTOP_MS;
  return { reference, command: { kind: 'hold', by, customerId, currency, saleId, lifetimeMs, ...size } };
}

/** Gives a hold that is there another size or a later end. */
export function resizing(
  sale: Begun,
  asking: Asking,
  { reference, holdId }: Source,
  { step, ...size }: { step: string; amountMinor: number; takenMinor?: number | undefined; expiresAt: Instant },
): Asked {
  return holding(sale, asking, reference, {
    commandId: stepId(sale, asking, step, reference),
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
  const { saleId } = sale;
  const until = heldUntil === undefined ? {} : { heldUntil: instantOf(Date.parse(heldUntil) + BACKSTOP_MS) };
  const commandId = stepId(sale, asking, 'capture', reference);
  return { reference, command: { kind: 'capture', commandId, by: asking.by, holdId, saleId, amountMinor, ...until } };
}

export function applying(sale: Begun, asking: Asking, { reference, amountMinor }: Share): Asked {
  const { saleId, attempt } = sale;
  const { customerId, currency, lines } = attempt;
  const commandId = stepId(sale, asking, 'apply', reference);
  return {
    reference,
    command: { kind: 'apply', commandId, by: asking.by, customerId, amountMinor, currency, saleId, lines },
  };
}

export function releasing(sale: Begun, asking: Asking, { reference, holdId }: HoldThere): Asked {
  const commandId = stepId(sale, asking, 'release', reference);
  return { reference, command: { kind: 'release', commandId, by: asking.by, holdId, cause: 'asked' } };
}
