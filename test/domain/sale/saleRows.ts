import type { By } from '../../../domain/payment/command.js';
import { instantOf } from '../../../domain/instants.js';
import type { RefusalCode } from '../../../domain/refusals.js';
import type { Phase } from '../../../domain/sale/phases.js';
import { unheld } from '../../../domain/sale/replace.js';
import type { Attempt, HoldSale, Sale, SaleCommand, Source } from '../../../domain/sale/sale.js';
import type { SoldBefore } from '../../../domain/sale/return.js';
import { DAY_MS, NOW } from '../payment/build.js';

const by: By = { caller: 'till-1', shopId: 'main' };
const basket = {
  by,
  customerId: 'C',
  currency: 'EUR',
  lines: [
    { productId: 'bike', amountMinor: 500 },
    { productId: 'lock', amountMinor: 300 },
  ],
};
const payments = [
  { reference: 'A', amountMinor: 400 },
  { reference: 'B', amountMinor: 200 },
];

export const hold = (commandId: string): HoldSale => ({
  kind: 'hold',
  commandId,
  ...basket,
  payments,
  lifetimeMs: 60_000,
});
const settle = (commandId: string): SaleCommand => ({
  kind: 'settle',
  commandId,
  ...basket,
  payments,
  lifetimeMs: 60_000,
});
const capture = (shares?: [string, number][]): Extract<SaleCommand, { kind: 'capture' }> => ({
  kind: 'capture',
  commandId: 'c',
  by,
  holdId: 'h',
  ...(shares && { payments: shares.map(([reference, amountMinor]) => ({ reference, amountMinor })) }),
});
const release: Extract<SaleCommand, { kind: 'release' }> = { kind: 'release', commandId: 'c', by, holdId: 'h' };
export const back = (overrides: Partial<Extract<SaleCommand, { kind: 'return' }>> = {}): SaleCommand => ({
  kind: 'return',
  commandId: 'c',
  by,
  currency: 'EUR',
  authority: 'till',
  extent: 'carried_out',
  ...overrides,
});

export const source = (reference: string, amounts: Partial<Source>): Source => ({
  ...unheld(reference),
  holdId: `hold of ${reference}`,
  scope: { type: 'generic' },
  revision: 2,
  ...amounts,
});

/** A is for bikes alone. */
const bike = { scope: { type: 'product_specific', productId: 'bike' } } as const;

export function saleIn(phase: Phase, sources: Source[]): Sale {
  const { by: _, ...rest } = basket;
  const before = { takenBeforeMinor: 0, takenElsewhereMinor: 0 };
  const holdExpiresAt = instantOf(NOW + 60_000);
  const attempt: Attempt = { commandId: 'h', by, ...rest, ...before, holdExpiresAt, phase, sources };
  const endedHolds = [
    { holdId: 'earlier', end: 'released' },
    { holdId: 'lapsed', end: 'lapsed' },
  ] as const;
  return {
    saleShopId: 'main',
    saleId: 'S',
    returnPeriodMs: DAY_MS,
    createdAt: instantOf(NOW),
    attempt,
    endedHolds,
    returns: [],
    remembered: [],
    earlierLife: 'none',
  };
}

const since = instantOf(NOW);
const none: Sale = { ...saleIn({ status: 'held' }, []), attempt: null };
const held = saleIn({ status: 'held' }, [source('A', { heldMinor: 400, ...bike }), source('B', { heldMinor: 200 })]);
export const completed = saleIn({ status: 'completed', since }, [
  source('A', { takenMinor: 400, ...bike }),
  source('B', { takenMinor: 200 }),
]);
const capturing = saleIn({ status: 'capturing' }, held.attempt?.sources as Source[]);
const completing = saleIn({ status: 'completing', since }, held.attempt?.sources as Source[]);
const released = saleIn({ status: 'released', since }, [source('A', {}), source('B', {})]);
const lapsed = saleIn({ status: 'lapsed', since }, [source('A', {}), source('B', {})]);
const refused = saleIn({ status: 'refused', since }, [source('A', {}), source('B', {})]);
const seen: Sale = { ...held, remembered: [{ commandId: 'c', bodyHash: 'another', refusal: null }] };
const full: Sale = {
  ...none,
  remembered: Array.from({ length: 20_000 }, (_, i) => ({
    commandId: `${i}`.padStart(43, '0'),
    bodyHash: 'x'.repeat(22),
    refusal: null,
  })),
};
const partly: Sale = saleIn({ status: 'completed', since }, [
  source('A', { takenMinor: 400, givenBackMinor: 400, ...bike }),
  source('B', { takenMinor: 200, givenBackMinor: 50 }),
]);
const line = (productId: string, amountMinor: number) => ({ lines: [{ productId, amountMinor }] });

/** What the payments say of a sale: here, what the sale had heard. */
export const soldIn = ({ attempt }: Sale): SoldBefore => ({
  books: 'there',
  lines: null,
  returns: [],
  figures: (attempt?.sources ?? []).map(
    ({ reference, scope, takenMinor, givenBackMinor, keptMinor, heldMinor, revision }) => ({
      reference,
      revision,
      customerId: 'C',
      currency: 'EUR',
      scope: scope ?? { type: 'generic' },
      takenMinor,
      givenBackMinor,
      keptMinor,
      heldMinor,
      lastTakenAt: null,
      inherited: { purpose: 'deposit', taxPoint: 'redemption', taxCode: null, sourceFunding: 'paid' },
    }),
  ),
});

export type SaleRow = [code: RefusalCode | 'accepted', before: Sale, command: SaleCommand, atMs?: number];

/** What a sale says to every command, in every state in which it rests, before any payment is asked. */
export const saleRows: SaleRow[] = [
  ['accepted', none, hold('h')],
  ['accepted', none, settle('h')],
  ['accepted', released, hold('c')],
  ['accepted', lapsed, settle('c')],
  ['accepted', refused, hold('c')],
  ['exceeds_basket', none, { ...hold('h'), takenMinor: 201 }],
  ['accepted', none, { ...hold('h'), takenMinor: 200 }],
  ['sale_exists', held, hold('c')],
  ['sale_exists', held, settle('c')],
  ['sale_exists', completed, hold('c')],
  ['sale_exists', completed, settle('c')],
  ['accepted', held, { ...hold('c'), replaces: 'h' }],
  ['hold_closed', held, { ...hold('c'), replaces: 'earlier' }],
  ['hold_not_found', held, { ...hold('c'), replaces: 'unknown' }],
  ['hold_expired', held, { ...hold('c'), replaces: 'h' }, NOW + 60_000],
  ['hold_closed', completed, { ...hold('c'), replaces: 'h' }],
  ['sale_not_found', none, { ...hold('c'), replaces: 'h' }],
  ['sale_not_found', held, { ...hold('c'), replaces: 'h', customerId: 'another' }],
  ['currency_mismatch', held, { ...hold('c'), replaces: 'h', currency: 'USD' }],
  ['exceeds_basket', held, { ...hold('c'), replaces: 'h', takenMinor: 201 }],
  ['try_later', full, hold('h')],
  ['command_id_reused', seen, capture()],

  ['accepted', held, capture()],
  ['accepted', held, capture([['A', 1]])],
  ['exceeds_held_amount', held, capture([['A', 401]])],
  [
    'payment_not_in_sale',
    held,
    capture([
      ['A', 400],
      ['Z', 1],
    ]),
  ],
  ['hold_expired', held, capture(), NOW + 60_000],
  ['hold_expired', lapsed, capture()],
  ['hold_closed', released, capture()],
  ['hold_not_found', refused, capture()],
  ['hold_closed', completed, capture()],
  ['sale_not_found', none, capture()],

  ['hold_not_found', held, { ...capture(), holdId: 'unknown' }],
  ['hold_expired', held, { ...capture(), holdId: 'lapsed' }],
  ['invalid_lifetime', held, { ...capture(), heldUntil: instantOf(NOW) }],
  ['invalid_lifetime', held, { ...capture(), heldUntil: instantOf(NOW + 60 * DAY_MS + 1) }],
  ['accepted', held, { ...capture(), heldUntil: instantOf(NOW + 60 * DAY_MS) }],
  ['hold_closed', held, { ...capture(), holdId: 'earlier' }],
  ['hold_closed', held, { ...release, holdId: 'earlier' }],
  ['accepted', held, release],
  ['sale_completing', capturing, release],
  ['sale_completing', completing, release],
  ['hold_expired', held, release, NOW + 60_000],
  ['hold_closed', released, release],
  ['hold_closed', completed, release],
  ['sale_not_found', none, release],

  ['accepted', completed, back()],
  ['accepted', completed, back({ amountMinor: 600 })],
  ['accepted', completed, back(line('bike', 500))],
  ['exceeds_refundable', completed, back({ amountMinor: 601 })],
  ['accepted', completed, back(line('lock', 201))],
  ['exceeds_refundable', completed, back({ ...line('lock', 201), amountMinor: 201 })],
  ['exceeds_refundable', completed, back({ amountMinor: 600, keptMinor: 1 })],
  ['accepted', completed, back({ amountMinor: 599, keptMinor: 1 })],
  ['accepted', completed, back({ payments: [{ reference: 'A', amountMinor: 400 }] })],
  ['exceeds_refundable', completed, back({ payments: [{ reference: 'A', amountMinor: 401 }] })],
  ['payment_not_in_sale', completed, back({ payments: [{ reference: 'Z', amountMinor: 1 }] })],
  ['accepted', completed, back({ authority: 'manager' }), NOW + DAY_MS],
  ['exceeds_refundable', partly, back({ amountMinor: 151 })],
  ['exceeds_refundable', partly, back({ ...line('bike', 500), amountMinor: 151 })],
  ['accepted', partly, back()],
  ['exceeds_basket', completed, back({ ...line('lock', 100), amountMinor: 101 })],
  ['product_not_in_sale', completed, back(line('tent', 1))],
  ['exceeds_product_total', completed, back(line('lock', 301))],
  ['currency_mismatch', completed, back({ currency: 'USD' })],
  ['sale_not_completed', held, back()],
  ['sale_not_completed', released, back()],
  ['sale_not_found', none, back()],
  ['sale_closed', completed, back(), NOW + DAY_MS],

  ['accepted', held, { ...capture(), customerId: 'C' }],
  ['accepted', held, { ...release, customerId: 'C' }],
  ['accepted', completed, back({ customerId: 'C' })],
  ['sale_not_found', held, { ...capture(), customerId: 'another' }],
  ['sale_not_found', completed, { ...capture(), customerId: 'another' }],
  ['sale_not_found', held, { ...release, customerId: 'another' }],
  ['sale_not_found', capturing, { ...release, customerId: 'another' }],
  ['sale_not_found', released, { ...release, customerId: 'another' }],
  ['sale_not_found', completed, back({ customerId: 'another' })],
  ['sale_not_found', held, back({ customerId: 'another' })],
  ['sale_not_found', completed, back({ customerId: 'another' }), NOW + DAY_MS],
];
