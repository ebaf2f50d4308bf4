import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planReturn, type SaleFigure, type Sold } from '../../../domain/sale/return.js';
import type { ReturnSale } from '../../../domain/sale/sale.js';
import { back, completed, soldIn } from './saleRows.js';

const asked = (overrides: object) => back(overrides) as ReturnSale;
const request = fc.record(
  {
    amountMinor: fc.integer({ min: 1, max: 120 }),
    keptMinor: fc.integer({ min: 1, max: 20 }),
    lineMinor: fc.integer({ min: 1, max: 100 }),
    order: fc.constantFrom('creditFirst' as const, 'otherFirst' as const),
  },
  { requiredKeys: [] },
);

/** Carries out a plan on what is known of the sale: by returns here, or past it by refunds at the payments. */
function after(sold: Sold, command: ReturnSale): { sold: Sold; otherMinor: number } {
  const plan = planReturn(sold, command);
  if ('code' in plan) return { sold, otherMinor: 0 };
  const figures = sold.figures.map((figure): SaleFigure => {
    const part = plan.parts.find(({ reference }) => reference === figure.reference);
    if (!part) return figure;
    const givenBackMinor = figure.givenBackMinor + part.amountMinor;
    return { ...figure, givenBackMinor, keptMinor: figure.keptMinor + part.keptMinor };
  });
  const { otherTenderMinor } = plan;
  const added = { lines: command.lines ?? [], otherTenderMinor };
  return { sold: { ...sold, figures, returns: [...sold.returns, added] }, otherMinor: otherTenderMinor };
}

test('however a sale is returned, no more comes back by another tender than was paid by one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100 }),
      fc.array(request, { minLength: 1, maxLength: 5 }),
      (takenMinor, requests) => {
        const figures = soldIn(completed)
          .figures.slice(0, 1)
          .map((figure) => ({ ...figure, takenMinor, keptMinor: 0 }));
        const lines = [{ productId: 'bike', amountMinor: 100 }];
        let sold: Sold = { figures, lines, returns: [] };
        let otherMinor = 0;
        for (const { lineMinor, ...more } of requests) {
          const of = lineMinor === undefined ? {} : { lines: [{ productId: 'bike', amountMinor: lineMinor }] };
          const done = after(sold, asked({ ...more, ...of }));
          sold = done.sold;
          otherMinor += done.otherMinor;
        }
        expect(otherMinor).toBeLessThanOrEqual(100 - takenMinor);
        const [figure] = sold.figures;
        expect((figure?.givenBackMinor ?? 0) + (figure?.keptMinor ?? 0)).toBeLessThanOrEqual(takenMinor);
      },
    ),
  );
});

test('goods that were paid by credit, and given back as an amount, come back for what is left, and for no cash', () => {
  const figures = soldIn(completed)
    .figures.slice(0, 1)
    .map((figure) => ({ ...figure, takenMinor: 100 }));
  const lines = [{ productId: 'bike', amountMinor: 100 }];
  const first = after({ figures, lines, returns: [] }, asked({ amountMinor: 70 }));
  expect(planReturn(first.sold, asked({ lines }))).toMatchObject({ parts: [{ amountMinor: 30 }], otherTenderMinor: 0 });
});
