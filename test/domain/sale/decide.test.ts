import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodyHash, type Line, type Scope } from '../../../domain/payment/command.js';
import { decideSale, exceedingProducts } from '../../../domain/sale/decide.js';
import { quote, type Offered } from '../../../domain/sale/quote.js';
import { allocateReturn } from '../../../domain/sale/return.js';
import type { Return, ReturnSale } from '../../../domain/sale/sale.js';
import { NOW } from '../payment/build.js';
import { back, completed, saleIn, saleRows, source } from './saleRows.js';

test.each(
  saleRows.map((row, i) => ({
    row,
    name: `${i + 1}. ${row[2].kind} of a sale that is ${row[1].attempt?.phase.status ?? 'not begun'}: ${row[0]}`,
  })),
)('$name', ({ row: [code, before, command, atMs = NOW] }) => {
  const decision = decideSale(before, command, atMs);
  const told =
    decision.outcome === 'refused'
      ? decision.refusal.code
      : decision.outcome === 'turned_away'
        ? decision.code
        : decision.outcome;
  expect(told).toBe(code);
});

const offered = (reference: string, availableMinor: number, more: Partial<Offered> = {}): Offered => ({
  ...{
    reference,
    type: 'generic',
    productId: null,
    availableMinor,
    issuedAt: '2026-01-01T00:00:00.000Z',
    expiresAt: null,
  },
  ...more,
});
const forBike = { type: 'product_specific', productId: 'bike' } as const;
const bikeAndLock = [
  { productId: 'bike', amountMinor: 500 },
  { productId: 'lock', amountMinor: 300 },
];

test('a quote uses product-specific payments first, then what expires soonest, then the oldest', () => {
  const payments = [
    offered('never', 1_000),
    offered('late', 100, { expiresAt: '2031-01-01T00:00:00.000Z' }),
    offered('soon', 100, { expiresAt: '2030-01-01T00:00:00.000Z' }),
    offered('old', 100, { issuedAt: '2025-01-01T00:00:00.000Z' }),
    offered('bike', 900, forBike),
  ];
  expect(quote(bikeAndLock, payments)).toEqual({
    payments: [
      { reference: 'bike', amountMinor: 500 },
      { reference: 'soon', amountMinor: 100 },
      { reference: 'late', amountMinor: 100 },
      { reference: 'old', amountMinor: 100 },
    ],
    ...{ totalMinor: 800, coveredMinor: 800, leftToPayMinor: 0 },
  });
  expect(quote(bikeAndLock, [])).toEqual({ payments: [], totalMinor: 800, coveredMinor: 0, leftToPayMinor: 800 });
});

const scopes = fc.constantFrom<Scope>(
  { type: 'generic' },
  { type: 'product_specific', productId: 'bike' },
  { type: 'product_specific', productId: 'lock' },
);
const lines = fc.array(
  fc.record({ productId: fc.constantFrom('bike', 'lock', 'tent'), amountMinor: fc.integer({ min: 1, max: 500 }) }),
  { minLength: 1, maxLength: 6 },
);
const offers = fc
  .array(fc.tuple(scopes, fc.integer({ min: 1, max: 700 })), { maxLength: 8 })
  .map((each) =>
    each.map(([scope, availableMinor], i) => offered(`P${i}`, availableMinor, scope.type === 'generic' ? {} : scope)),
  );
const sum = (all: readonly { amountMinor: number }[]) => all.reduce((total, { amountMinor }) => total + amountMinor, 0);
const totalOfProduct = (all: readonly Line[], productId: string) =>
  sum(all.filter((each) => each.productId === productId));

test('a quote never takes more than a payment has, its product comes to, or the basket; and all that it may', () => {
  fc.assert(
    fc.property(lines, offers, (basket, payments) => {
      const { payments: shares, totalMinor, coveredMinor, leftToPayMinor } = quote(basket, payments);
      expect(coveredMinor).toBe(sum(shares));
      expect(coveredMinor + leftToPayMinor).toBe(totalMinor);
      const of = (reference: string) => payments.find((each) => each.reference === reference);
      for (const { reference, amountMinor } of shares) {
        expect(amountMinor).toBeGreaterThan(0);
        expect(amountMinor).toBeLessThanOrEqual(of(reference)?.availableMinor ?? 0);
      }
      const coverable = (productId: string) =>
        Math.min(
          totalOfProduct(basket, productId),
          payments
            .filter((each) => each.productId === productId)
            .reduce((all, { availableMinor }) => all + availableMinor, 0),
        );
      for (const productId of ['bike', 'lock']) {
        const used = sum(shares.filter(({ reference }) => of(reference)?.productId === productId));
        expect(used).toBe(coverable(productId));
      }
      const generic = payments
        .filter(({ productId }) => productId === null)
        .reduce((all, { availableMinor }) => all + availableMinor, 0);
      expect(coveredMinor).toBe(Math.min(totalMinor, coverable('bike') + coverable('lock') + generic));
    }),
  );
});

const refund = (more: Partial<ReturnSale>): ReturnSale => ({
  kind: 'return',
  commandId: 'c',
  by: { caller: 'x' },
  currency: 'EUR',
  ...more,
});
const { attempt } = completed;
const allocated = (more: Partial<ReturnSale>, before: Return[] = []) =>
  attempt && allocateReturn(attempt, before, refund(more));

test('a return goes back last used first; lines of a product to the payment that paid for them', () => {
  expect(allocated({ amountMinor: 250 })).toEqual({
    shares: [
      { reference: 'B', amountMinor: 200 },
      { reference: 'A', amountMinor: 50 },
    ],
  });
  expect(allocated({ lines: [{ productId: 'bike', amountMinor: 250 }] })).toEqual({
    shares: [{ reference: 'A', amountMinor: 250 }],
  });
  expect(allocated({ lines: [{ productId: 'bike', amountMinor: 500 }] })).toEqual({
    shares: [
      { reference: 'B', amountMinor: 100 },
      { reference: 'A', amountMinor: 400 },
    ],
  });
  expect(allocated({ lines: [{ productId: 'lock', amountMinor: 300 }], amountMinor: 120 })).toEqual({
    shares: [{ reference: 'B', amountMinor: 120 }],
  });
  expect(allocated({})).toEqual({
    shares: [
      { reference: 'B', amountMinor: 200 },
      { reference: 'A', amountMinor: 400 },
    ],
  });
});

test('of a product no more comes back than was sold, over all returns together', () => {
  const before: Return = {
    ...{ commandId: 'r', at: '', by: { caller: 'x' }, reason: null, returned: [], notReturned: [] },
    lines: [{ productId: 'bike', amountMinor: 450 }],
  };
  expect(allocated({ lines: [{ productId: 'bike', amountMinor: 51 }] }, [before])).toEqual({
    code: 'exceeds_product_total',
  });
  expect(allocated({ lines: [{ productId: 'bike', amountMinor: 50 }] }, [before])).toEqual({
    shares: [{ reference: 'A', amountMinor: 50 }],
  });
});

test('whatever comes back, it is what was asked to the last unit, and no payment gets more than it gave', () => {
  const sources = fc
    .array(fc.tuple(scopes, fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 })), {
      minLength: 1,
      maxLength: 6,
    })
    .map((each) =>
      each.map(([scope, a, b], i) =>
        source(`P${i}`, { scope, capturedMinor: Math.max(a, b), returnedMinor: Math.min(a, b) }),
      ),
    );
  fc.assert(
    fc.property(
      sources,
      lines,
      fc.option(fc.integer({ min: 1, max: 1_500 }), { nil: undefined }),
      fc.boolean(),
      (all, sold, amountMinor, byLines) => {
        const sale = saleIn({ status: 'completed', since: '' }, all);
        if (!sale.attempt) throw new Error('unreachable');
        const command = refund({ amountMinor, ...(byLines && { lines: sold }) });
        const result = allocateReturn({ ...sale.attempt, lines: sold }, [], command);
        const refundable = all.reduce((total, each) => total + each.capturedMinor - each.returnedMinor, 0);
        if ('code' in result) {
          expect(['exceeds_refundable', 'exceeds_basket']).toContain(result.code);
          return;
        }
        expect(sum(result.shares)).toBe(amountMinor ?? (byLines ? sum(sold) : refundable));
        for (const share of result.shares) {
          const from = all.find(({ reference }) => reference === share.reference);
          expect(share.amountMinor).toBeLessThanOrEqual((from?.capturedMinor ?? 0) - (from?.returnedMinor ?? 0));
        }
      },
    ),
  );
});

test("two payments of one product together take no more than the product's lines", () => {
  const scope = { type: 'product_specific', productId: 'bike' } as const;
  const [a, b] = [source('A', { heldMinor: 300, scope }), source('B', { heldMinor: 201, scope })];
  const asked = { lines: bikeAndLock, sources: [a, source('C', { heldMinor: 300 }), b] };
  expect(exceedingProducts(asked)).toEqual({
    code: 'exceeds_product_total',
    payments: [{ reference: 'B', code: 'exceeds_product_total', availableMinor: 200 }],
  });
  expect(exceedingProducts({ ...asked, sources: [a, { ...b, heldMinor: 200 }] })).toBeUndefined();
});

test('a command that was seen is told its first answer again', () => {
  const first = {
    commandId: 'c',
    bodyHash: bodyHash(back()),
    refusal: { code: 'hold_expired', payments: [] },
  } as const;
  expect(decideSale({ ...completed, remembered: [first] }, back(), NOW)).toEqual({ outcome: 'replayed', first });
  expect(decideSale({ ...completed, remembered: [first] }, back({ amountMinor: 1 }), NOW)).toEqual({
    outcome: 'turned_away',
    code: 'command_id_reused',
  });
});
