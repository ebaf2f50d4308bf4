import { grouped } from './grouped.js';
import { isDone } from './heard.js';
import type { Books, History, MovementRow, Violation } from './history.js';

const OF_SALES = ['applied', 'refunded'];

/** At no moment has a sale got back more of a payment than it took, replacements counted. */
export function neverMoreBack({ books }: History): Violation[] {
  const ofSales = books.movements.filter(({ saleId }) => saleId !== null);
  const bySale = grouped(ofSales, (row) => `${row.saleId} ${sourceOf(row)}`);
  return [...bySale.values()].flatMap((rows) => {
    let takenMinor = 0;
    const own = rows.filter(({ kind }) => OF_SALES.includes(kind)).toSorted((a, b) => a.sequence - b.sequence);
    const anew = rows.filter(({ kind }) => !OF_SALES.includes(kind));
    for (const { amountMinor, saleId, reference } of [...own, ...anew]) {
      takenMinor -= amountMinor;
      if (takenMinor >= 0) continue;
      const sentence = `got back ${-takenMinor} more of ${reference} than it took`;
      return [{ rule: 'never more back', subject: saleId ?? '', sentence }];
    }
    return [];
  });
}

/** What is issued in place of an ended payment counts as given back of that one. */
function sourceOf({ kind, counterpart, reference }: MovementRow): string {
  return OF_SALES.includes(kind) ? reference : (counterpart ?? reference);
}

/** A sale says of its payments what their movements say, misses nothing, and is charged once. */
export function salesAddUp({ orders, books }: History): Violation[] {
  const net = netOfSales(books);
  const told = books.sales.flatMap(({ saleId, missingMinor, payments }) => {
    if (missingMinor > 0) return [{ saleId, sentence: `misses ${missingMinor}` }];
    return payments.flatMap(({ reference, takenMinor, givenBackMinor }) => {
      const recordedMinor = net.get(`${saleId} ${reference}`) ?? 0;
      if (recordedMinor === takenMinor - givenBackMinor) return [];
      return [
        { saleId, sentence: `says ${takenMinor} - ${givenBackMinor} of ${reference}; the books ${recordedMinor}` },
      ];
    });
  });
  const settled = grouped(
    orders.filter((order) => order.call === 'settle' && isDone(order)),
    ({ saleId }) => saleId ?? '',
  );
  const twice = [...settled].flatMap(([saleId, by]) =>
    by.length < 2 ? [] : [{ saleId, sentence: `was settled by ${by.map(({ mark }) => mark).join(' and ')}` }],
  );
  return [...told, ...twice].map(({ saleId, sentence }) => ({ rule: 'sales add up', subject: saleId, sentence }));
}

/** What each sale has of each payment; of an ended one what was issued in its place is given back too. */
function netOfSales({ movements }: Books): ReadonlyMap<string, number> {
  const net = new Map<string, number>();
  for (const row of movements.filter(({ saleId }) => saleId !== null)) {
    const name = `${row.saleId} ${sourceOf(row)}`;
    net.set(name, (net.get(name) ?? 0) - row.amountMinor);
  }
  return net;
}

/** Whatever a payment holds, a sale that is open says so: nothing is held by nobody. */
export function heldBySomebody({ books }: History): Violation[] {
  const held = new Map<string, number>();
  for (const { reference, heldMinor } of books.sales.flatMap(({ payments }) => payments))
    held.set(reference, (held.get(reference) ?? 0) + heldMinor);
  return books.payments.flatMap(({ reference, heldMinor }) => {
    const bySales = held.get(reference) ?? 0;
    if (bySales === heldMinor) return [];
    return [{ rule: 'held by somebody', subject: reference, sentence: `holds ${heldMinor}; its sales say ${bySales}` }];
  });
}
