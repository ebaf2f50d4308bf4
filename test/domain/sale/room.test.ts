import { expect, test } from 'vitest';
import { instantOf } from '../../../domain/instants.js';
import { jsonBytes } from '../../../domain/json.js';
import { decideSale } from '../../../domain/sale/decide.js';
import { recordOfSale } from '../../../domain/sale/record.js';
import { nextBatch } from '../../../domain/sale/room.js';
import { remembering } from '../../../domain/sale/steps.js';
import type { Return, Sale, SaleCommand, SaleRecord } from '../../../domain/sale/sale.js';
import { NOW } from '../payment/build.js';
import { back, hold, saleIn, source } from './saleRows.js';

const MAX_PAYLOAD_BYTES = 2 * 1024 * 1024;
const lines = Array.from({ length: 500 }, (_, i) => ({
  productId: `${i}`.padEnd(128, 'p'),
  amountMinor: 1_000,
  taxCode: 't'.repeat(32),
}));
const held = saleIn({ status: 'held' }, [source('A', { heldMinor: 400 }), source('B', { heldMinor: 200 })]);

const returnOf = ({ commandId, by }: SaleCommand): Return => ({
  commandId,
  by,
  at: instantOf(NOW),
  reason: null,
  lines,
  otherTenderMinor: 0,
  returned: [],
  notReturned: [],
});

/** Answers as a sale does while its books are away, until one is turned away. */
function fill(sale: Sale, outbox: SaleRecord[], next: (i: number) => SaleCommand): Sale {
  for (let i = 0; ; i++) {
    const command = next(i);
    if (decideSale(sale, command, NOW, outbox).outcome !== 'accepted') return sale;
    sale = remembering(sale, command, null);
    if (sale.attempt && 'lines' in command) sale = { ...sale, attempt: { ...sale.attempt, lines } };
    if (command.kind === 'return') sale = { ...sale, returns: [...sale.returns, returnOf(command)] };
    outbox.push(recordOfSale(sale, command, null, NOW));
  }
}

test('edits of a large basket stop while their records wait; what lets go and gives back goes on, to the payload', () => {
  const outbox: SaleRecord[] = [];
  const edited = fill(held, outbox, (i) => ({ ...hold(`edit ${i}`), lines, replaces: 'h' }));
  expect(outbox.length).toBeGreaterThan(4);
  expect(decideSale(edited, { ...hold('more'), lines, replaces: 'h' }, NOW, outbox)).toEqual({
    outcome: 'turned_away',
    code: 'try_later',
  });
  const release = { kind: 'release', commandId: 'r', by: hold('r').by, holdId: 'h' } as const;
  expect(decideSale(edited, release, NOW, outbox).outcome).toBe('accepted');
  const full = fill(edited, outbox, (i) => back({ commandId: `back ${i}`, lines }));
  expect(jsonBytes({ sale: full, outbox })).toBeLessThan(MAX_PAYLOAD_BYTES - 200_000);
});

test('records travel in batches that fit a payload, oldest first, and one that is large travels alone', () => {
  const command = { ...hold('c'), lines };
  const large = recordOfSale(held, command, null, NOW);
  const small = recordOfSale(held, { ...hold('c'), commandId: 'd' }, null, NOW);
  const outbox = [...Array.from({ length: 40 }, () => large), ...Array.from({ length: 40 }, () => small)];
  for (let left: readonly SaleRecord[] = outbox; left.length > 0;) {
    const batch = nextBatch(left);
    expect(batch.length).toBeGreaterThan(0);
    expect(batch.length).toBeLessThanOrEqual(20);
    expect(batch).toEqual(left.slice(0, batch.length));
    expect(jsonBytes(batch)).toBeLessThan(MAX_PAYLOAD_BYTES - 200_000);
    left = left.slice(batch.length);
  }
  const huge = { ...large, customerId: 'x'.repeat(1_200_000) };
  expect(nextBatch([huge, small])).toEqual([huge]);
});
