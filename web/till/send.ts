import { MAX_PAYMENTS, totalOf } from '../../domain/basket.js';
import { endOfDay, type Instant } from '../../domain/instants.js';
import { canonicalJson, type Wish } from '../../domain/payment/command.js';
import { isHeldTooLong } from '../../domain/sale/decide.js';
import { DEFAULT_HOLD_LIFETIME_MS, MAX_HOLD_LIFETIME_MS } from '../../domain/sale/lifetimes.js';
import type { SaleCommand } from '../../domain/sale/sale.js';
import type { Shop } from '../../domain/shop.js';
import type { Errors } from '../http/fields.js';
import type { Texts } from '../texts/texts.js';
import { amountOf } from './offers.js';
import { printOf } from './draft.js';
import type { Step } from './steps.js';
import { useField, type Typed } from './typed.js';

export type CommandStep = Extract<Step['kind'], 'hold' | 'complete' | 'part' | 'release'>;

export type Wished = {
  readonly wish: Wish<SaleCommand>;
  /** Two forms that say the same are one request; what a clock or the books add is no part of it. */
  readonly said: string;
  /** What the time of day has against it. What was decided in time is told to whoever comes later. */
  readonly late: Errors;
};

type Asked = { readonly shop: Shop; readonly nowMs: number; readonly texts: Texts };

/** What the form asks the sale for, or what is missing in it. */
export function wishOf(step: CommandStep, typed: Typed, asked: Asked): Wished | { readonly errors: Errors } {
  const errors = { ...typed.errors, ...missingIn(step, typed, asked) };
  if (Object.keys(errors).length > 0) return { errors };
  return { ...asSaid(step, typed, asked), late: lateIn(step, typed, asked) };
}

function asSaid(step: CommandStep, typed: Typed, asked: Asked): Pick<Wished, 'wish' | 'said'> {
  const { draft, uses } = typed;
  const { customerId = '', holdId = '', lines, saleId, holdFor, until } = draft;
  const payments = uses.filter(({ amountMinor }) => amountMinor > 0);
  const heldUntil = until === undefined ? undefined : endOfDay(until, asked.shop.calendar);
  const ofHold = { holdId, payments };
  const whose = draft.customerId === undefined ? {} : { customerId: draft.customerId };
  switch (step) {
    case 'release':
      return { wish: { kind: 'release', ...whose, holdId }, said: canonicalJson({ step, saleId, holdId }) };
    case 'complete': {
      if (holdId !== '')
        return { wish: { kind: 'capture', ...whose, ...ofHold }, said: canonicalJson({ step, saleId, ...ofHold }) };
      const said = canonicalJson({ step, saleId, customerId, lines, payments });
      return { wish: { kind: 'settle', ...basketOf(typed, asked), lifetimeMs: DEFAULT_HOLD_LIFETIME_MS }, said };
    }
    case 'part':
      return {
        wish: { kind: 'capture', ...whose, ...ofHold, heldUntil },
        said: canonicalJson({ step, saleId, ...ofHold, heldUntil }),
      };
    case 'hold': {
      const lifetimeMs = heldUntil === undefined ? Number(holdFor) * MINUTE_MS : leftMs(heldUntil, asked);
      const replaces = holdId === '' ? undefined : holdId;
      const lasting = heldUntil ?? holdFor;
      return {
        wish: { kind: 'hold', ...basketOf(typed, asked), lifetimeMs, replaces },
        said: canonicalJson({ step, saleId, customerId, lines, payments, replaces, lasting }),
      };
    }
  }
}

const MINUTE_MS = 60_000;

function leftMs(heldUntil: Instant, { nowMs }: Asked): number {
  return Math.max(1, Date.parse(heldUntil) - nowMs);
}

function basketOf({ draft, uses, drawn, takenMinor }: Typed, { shop }: Asked) {
  const payments = uses
    .filter(({ amountMinor }) => amountMinor > 0)
    .map((share) => ({ ...share, takenMinor: amountOf(drawn, share.reference) }));
  return { customerId: draft.customerId ?? '', currency: shop.currency, lines: draft.lines, payments, takenMinor };
}

function missingIn(step: CommandStep, { draft, uses, values }: Typed, { texts }: Asked): Errors {
  const { refusals, forms, till } = texts;
  if ((values['saleId'] ?? '') === '') return { saleId: forms.required(till.saleId) };
  if (step === 'release') return draft.holdId === undefined ? { '': refusals.hold_not_found } : {};
  if (draft.customerId === undefined) return { customer: forms.required(till.customer) };
  if (draft.lines.length === 0) return { product: refusals.empty_basket };
  const payments = uses.filter(({ amountMinor }) => amountMinor > 0);
  if (payments.length === 0) return { '': till.nothingToUse };
  if (payments.length > MAX_PAYMENTS) return { '': refusals.no_payments };
  if (totalOf(payments) > totalOf(draft.lines))
    return { [useField(payments[0]?.reference ?? '')]: refusals.exceeds_basket };
  if (step === 'hold') return {};
  // What is held is for the basket of then: a return of its lines goes by that.
  if (draft.holdId !== undefined && draft.heldBasket !== undefined && draft.heldBasket !== printOf(draft.lines))
    return { '': till.changedSince };
  if (step === 'complete') return {};
  if (draft.holdId === undefined) return { '': till.holdFirst };
  return draft.until === undefined ? { until: forms.required(till.until) } : {};
}

function lateIn(step: CommandStep, { draft: { until } }: Typed, { shop, nowMs, texts }: Asked): Errors {
  const heldUntil = until === undefined ? undefined : endOfDay(until, shop.calendar);
  if (heldUntil === undefined) return {};
  const lifetimeMs = Date.parse(heldUntil) - nowMs;
  if (step === 'hold' && (lifetimeMs < 1 || lifetimeMs > MAX_HOLD_LIFETIME_MS))
    return { until: texts.till.holdTooLong };
  return step === 'part' && isHeldTooLong(heldUntil, nowMs) ? { until: texts.till.restTooLong } : {};
}
