import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodyHash, type Line, type Scope } from '../../../domain/payment/command.js';
import {
  decideAtOnce,
  decideReturn,
  decideSale,
  exceedingProducts,
  exceedingProductsOf,
} from '../../../domain/sale/decide.js';
import { quote, type Offered } from '../../../domain/sale/quote.js';
import { planAgain, planReturn } from '../../../domain/sale/return.js';
import type { ReturnSale, SaleCommand } from '../../../domain/sale/sale.js';
import { NOW } from '../payment/build.js';
import { back, completed, saleIn, saleRows, soldIn, source } from './saleRows.js';

test.each(
  saleRows.map((row, i) => ({
    row,
    name: `${i + 1}. ${row[2].kind} of a sale that is ${row[1].attempt?.phase.status ?? 'not begun'}: ${row[0]}`,
  })),
)('$name', ({ row: [code, before, command, atMs = NOW] }) => {
  const atOnce = decideAtOnce(before, command);
  const first = atOnce ? ({ outcome: 'turned_away', code: atOnce } as const) : decideSale(before, command, atMs);
  const plan =
    command.kind === 'return' && first.outcome === 'accepted'
      ? decideReturn(before, soldIn(before), command, atMs)
      : undefined;
  const decision = plan && 'code' in plan ? ({ outcome: 'refused', refusal: { code: plan.code } } as const) : first;
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
    sourceFunding: 'paid',
  },
  ...more,
});
const forBike = { type: 'product_specific', productId: 'bike' } as const;
const bikeAndLock = [
  { productId: 'bike', amountMinor: 500 },
  { productId: 'lock', amountMinor: 300 },
];

test('what was given free is used before what was paid that is good as long', () => {
  const payments = [
    offered('old and paid', 100),
    offered('new and free', 100, { issuedAt: '2026-06-01T00:00:00.000Z', sourceFunding: 'goodwill' }),
    offered('paid, soon over', 100, { expiresAt: '2030-01-01T00:00:00.000Z' }),
    offered('free, for the bike', 100, { ...forBike, sourceFunding: 'goodwill' }),
    offered('paid, for the bike', 100, forBike),
  ];
  expect(quote(bikeAndLock, payments).payments.map(({ reference }) => reference)).toEqual([
    'free, for the bike',
    'paid, for the bike',
    'paid, soon over',
    'new and free',
    'old and paid',
  ]);
});

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
      { reference: 'bike', amountMinor: 500, takenMinor: 0 },
      { reference: 'soon', amountMinor: 100, takenMinor: 0 },
      { reference: 'late', amountMinor: 100, takenMinor: 0 },
      { reference: 'old', amountMinor: 100, takenMinor: 0 },
    ],
    totalMinor: 800,
    coveredMinor: 800,
    leftToPayMinor: 0,
    takenMinor: 0,
  });
  expect(quote(bikeAndLock, [])).toMatchObject({ payments: [], totalMinor: 800, coveredMinor: 0, leftToPayMinor: 800 });
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

const asked = (more: Partial<ReturnSale>): ReturnSale => ({
  ...{
    kind: 'return',
    commandId: 'c',
    by: { caller: 'x', shopId: 'main' },
    currency: 'EUR',
    authority: 'till',
    extent: 'carried_out',
  },
  ...more,
});
const lines8 = [
  { productId: 'bike', amountMinor: 500 },
  { productId: 'lock', amountMinor: 300 },
];
type Before = { lines: Line[]; otherTenderMinor: number }[];
/** A took 400 for bikes alone, B 200 for anything, of a basket of 800. */
const planned = (more: Partial<ReturnSale>, returns: Before = []) =>
  planReturn({ figures: soldIn(completed).figures, lines: lines8, returns }, asked(more));
const part = (reference: string, amountMinor: number, keptMinor = 0) => ({ reference, amountMinor, keptMinor });
const line = (productId: string, amountMinor: number) => ({ lines: [{ productId, amountMinor }] });

test('a return goes back last used first; lines of a product to the payment that paid for them', () => {
  expect(planned({ amountMinor: 250 })).toEqual({ parts: [part('B', 200), part('A', 50)], otherTenderMinor: 0 });
  expect(planned(line('bike', 250))).toEqual({ parts: [part('A', 250)], otherTenderMinor: 0 });
  expect(planned(line('bike', 500))).toEqual({ parts: [part('B', 100), part('A', 400)], otherTenderMinor: 0 });
  expect(planned({ ...line('lock', 300), amountMinor: 120 })).toEqual({
    parts: [part('B', 120)],
    otherTenderMinor: 180,
  });
  expect(planned({})).toEqual({ parts: [part('B', 200), part('A', 400)], otherTenderMinor: 0 });
  expect(planned({ payments: [{ reference: 'A', amountMinor: 10 }] })).toEqual({
    parts: [part('A', 10)],
    otherTenderMinor: 0,
  });
});

test('of lines that were paid in part by card, credit goes back first, or the card does, as the till says', () => {
  const figures = soldIn(saleIn({ status: 'completed', since: '' }, [source('P', { takenMinor: 40 })])).figures;
  const shoe = { figures, lines: [{ productId: 'shoe', amountMinor: 90 }], returns: [] };
  expect(planReturn(shoe, asked(line('shoe', 90)))).toEqual({ parts: [part('P', 40)], otherTenderMinor: 50 });
  expect(planReturn(shoe, asked({ ...line('shoe', 60), order: 'otherFirst' }))).toEqual({
    parts: [part('P', 10)],
    otherTenderMinor: 50,
  });
  expect(planReturn(shoe, asked({ ...line('shoe', 50), order: 'otherFirst' }))).toEqual({
    parts: [],
    otherTenderMinor: 50,
  });
  const before = { ...shoe, returns: [{ ...line('shoe', 50), otherTenderMinor: 50 }] };
  expect(planReturn(before, asked({ ...line('shoe', 40), order: 'otherFirst' }))).toEqual({
    parts: [part('P', 40)],
    otherTenderMinor: 0,
  });
  expect(planReturn({ ...shoe, lines: null }, asked(line('shoe', 1)))).toEqual({ code: 'basket_unknown' });
});

test('a fee that the shop keeps comes out of what goes back, and is never given back by a later "everything"', () => {
  expect(planned({ keptMinor: 50 })).toEqual({ parts: [part('B', 150, 50), part('A', 400)], otherTenderMinor: 0 });
  expect(planned({ amountMinor: 10, keptMinor: 200 })).toEqual({
    parts: [part('B', 0, 200), part('A', 10)],
    otherTenderMinor: 0,
  });
  expect(planned({ keptMinor: 601 })).toEqual({ code: 'exceeds_refundable', refundableMinor: 600 });
  const kept = saleIn({ status: 'completed', since: '' }, [
    source('P', { takenMinor: 100, givenBackMinor: 60, keptMinor: 30 }),
  ]);
  expect(planReturn({ figures: soldIn(kept).figures, lines: null, returns: [] }, asked({}))).toEqual({
    parts: [part('P', 10)],
    otherTenderMinor: 0,
  });
});

test('planned again, the fee of the parts that failed is kept of what is left of them', () => {
  const failed = (reference: string, refundableMinor?: number) =>
    ({ reference, amountMinor: 1, code: 'exceeds_refundable', refundableMinor }) as const;
  expect(planAgain([part('A', 90, 10)], [failed('A', 70)])).toEqual([part('A', 60, 10)]);
  expect(planAgain([part('A', 90, 10), part('B', 5)], [failed('A', 7)])).toEqual([part('A', 0, 7)]);
  expect(planAgain([part('A', 0, 40), part('B', 50)], [failed('A', 30), failed('B', 20)])).toEqual([
    part('A', 0, 30),
    part('B', 10, 10),
  ]);
  expect(planAgain([part('A', 90, 10)], [failed('A')])).toEqual([]);
});

test('of a product no more comes back than was sold, over all returns together', () => {
  const before = [{ lines: [{ productId: 'bike', amountMinor: 450 }], otherTenderMinor: 0 }];
  expect(planned(line('bike', 51), before)).toEqual({ code: 'exceeds_product_total' });
  expect(planned(line('bike', 50), before)).toEqual({ parts: [part('A', 50)], otherTenderMinor: 0 });
});

test('whatever comes back, no payment gets more than the sale has of it, and what is planned is what was asked', () => {
  const sources = fc
    .array(fc.tuple(scopes, fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 })), {
      minLength: 1,
      maxLength: 6,
    })
    .map((each) =>
      each.map(([scope, a, b], i) =>
        source(`P${i}`, { scope, takenMinor: Math.max(a, b), givenBackMinor: Math.min(a, b) }),
      ),
    );
  const optional = (max: number) => fc.option(fc.integer({ min: 1, max }), { nil: undefined });
  fc.assert(
    fc.property(
      ...([
        sources,
        lines,
        optional(1_500),
        optional(300),
        fc.boolean(),
        fc.constantFrom('creditFirst', 'otherFirst'),
      ] as const),
      (all, sold, amountMinor, keptMinor, byLines, order) => {
        const { figures } = soldIn(saleIn({ status: 'completed', since: '' }, all));
        const command = asked({ amountMinor, keptMinor, order, ...(byLines && { lines: sold }) });
        const plan = planReturn({ figures, lines: sold, returns: [] }, command);
        const refundable = all.reduce((total, each) => total + each.takenMinor - each.givenBackMinor, 0);
        if ('code' in plan) {
          expect(['exceeds_refundable', 'exceeds_basket']).toContain(plan.code);
          return;
        }
        const [back, kept] = [sum(plan.parts), plan.parts.reduce((total, each) => total + each.keptMinor, 0)];
        expect(kept).toBe(keptMinor ?? 0);
        const taken = all.reduce((total, each) => total + each.takenMinor, 0);
        const restMinor = sum(sold) - back - kept;
        if (byLines) expect(plan.otherTenderMinor).toBe(Math.min(restMinor, Math.max(0, sum(sold) - taken)));
        else expect(back).toBe(amountMinor ?? refundable - kept);
        for (const each of plan.parts) {
          const from = all.find(({ reference }) => reference === each.reference);
          const left = (from?.takenMinor ?? 0) - (from?.givenBackMinor ?? 0);
          expect(each.amountMinor + each.keptMinor).toBeLessThanOrEqual(left);
        }
      },
    ),
  );
});

test("two payments of one product together take no more than the product's lines", () => {
  const scope = { type: 'product_specific', productId: 'bike' } as const;
  const [a, b] = [source('A', { heldMinor: 300, scope }), source('B', { heldMinor: 201, scope })];
  const asked = { lines: bikeAndLock, sources: [a, source('C', { heldMinor: 300 }), b], taken: [] };
  expect(exceedingProducts(asked)).toEqual({
    code: 'exceeds_product_total',
    payments: [{ reference: 'B', code: 'exceeds_product_total', availableMinor: null, fitsMinor: 200 }],
  });
  expect(exceedingProducts({ ...asked, sources: [a, { ...b, heldMinor: 200 }] })).toBeUndefined();
  const before = { ...asked, sources: [a], taken: [{ productId: 'bike', takenMinor: 201 }] };
  expect(exceedingProducts(before), 'what it took before counts').toMatchObject({ payments: [{ fitsMinor: 299 }] });
  const { attempt } = saleIn({ status: 'held' }, [a, { ...b, heldMinor: 0, takenMinor: 250, givenBackMinor: 49 }]);
  expect(attempt && exceedingProductsOf(attempt)).toMatchObject({ payments: [{ reference: 'A', fitsMinor: 299 }] });
});

test('a return is of what its currency took, and of a basket in that currency', () => {
  const told = soldIn(completed);
  const [first, ...others] = told.figures;
  const mixed = { ...told, figures: [...others, ...(first ? [{ ...first, currency: 'USD' }] : [])] };
  const parts = (command: SaleCommand) => decideReturn(completed, mixed, command as ReturnSale, NOW);
  expect(parts(back())).toEqual({ parts: [{ reference: 'B', amountMinor: 200, keptMinor: 0 }], otherTenderMinor: 0 });
  expect(parts(back({ currency: 'USD' }))).toMatchObject({ parts: [{ reference: 'A', amountMinor: 400 }] });
  expect(parts(back({ currency: 'USD', lines: bikeAndLock }))).toEqual({ code: 'currency_mismatch' });
  expect(parts(back({ currency: 'CHF' }))).toEqual({ code: 'currency_mismatch' });
});

test.each(['refused', 'released', 'lapsed'] as const)(
  'a try that was %s says neither whose nor what it was',
  (status) => {
    const { figures, ...sold } = soldIn(completed);
    const ofAnother = { ...sold, figures: figures.map((figure) => ({ ...figure, customerId: 'B' })) };
    const nothing = saleIn({ status, since: new Date(NOW).toISOString() }, []);
    const asked = (more: object) => decideReturn(nothing, ofAnother, back(more) as ReturnSale, NOW);
    expect(asked({ customerId: 'B' })).toMatchObject({ parts: [{ reference: 'B' }, { reference: 'A' }] });
    expect(asked({ customerId: 'C' })).toEqual({ code: 'sale_not_completed' });
    expect(asked({ customerId: 'D' })).toEqual({ code: 'sale_not_found' });
    expect(asked({ customerId: 'B', lines: bikeAndLock })).toEqual({ code: 'basket_unknown' });
  },
);

test('without the books nobody gives back by another tender what a payment that only they know may have paid', () => {
  const away = { ...soldIn(completed), books: 'away' as const };
  const asked = (sale: typeof completed, more: object = {}) => decideReturn(sale, away, back(more) as ReturnSale, NOW);
  expect(asked(completed)).toMatchObject({ parts: [{ reference: 'B' }, { reference: 'A' }] });
  const lock = [{ productId: 'lock', amountMinor: 200 }];
  expect(asked(completed, { lines: lock }), 'all of it credit').toMatchObject({ parts: [{ amountMinor: 200 }] });
  expect(asked(completed, { lines: bikeAndLock })).toEqual({ code: 'books_unavailable' });
  const elsewhere = completed.attempt && { ...completed.attempt, takenElsewhereMinor: 1 };
  expect(asked({ ...completed, attempt: elsewhere })).toEqual({ code: 'books_unavailable' });
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
