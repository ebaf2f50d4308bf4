import { grouped } from './grouped.js';
import { heardOf } from './heard.js';
import type { Body, Call, CommandRow, History, Order, Violation } from './history.js';

/** What each request may have the payments do, and nothing else. */
const causes: Readonly<Record<Call, readonly string[]>> = {
  issue: ['issue'],
  apply: ['apply'],
  refund: ['refund'],
  payOut: ['payOut'],
  cancel: ['cancel'],
  expire: ['expire'],
  extend: ['extend'],
  freeze: ['freeze'],
  thaw: ['thaw'],
  // What a hold has lost meanwhile is taken all the same.
  settle: ['apply', 'hold', 'capture', 'release'],
  hold: ['hold', 'release'],
  // What it does not take it may hold for longer.
  capture: ['capture', 'release', 'apply', 'hold'],
  release: ['release'],
  return: ['refund', 'issue'],
  gift: ['hold', 'issue', 'capture', 'thaw', 'release', 'cancel'],
};
/** What happens when its time has come. */
const OF_CLOCK = ['expire', 'release'];

/** Nothing was decided that nobody asked for: of the payments that were named, and of what they asked. */
export function decidedAsAsked({ orders, books }: History): Violation[] {
  const byMark = new Map(orders.map((order) => [order.mark, order]));
  const drawnOn = payments({ orders, books });
  return books.commands.flatMap((row) => {
    const order = byMark.get(row.staffId ?? '');
    if (!order && row.staffId === null && row.caller === 'clock' && OF_CLOCK.includes(row.kind)) return [];
    if (order && causes[order.call].includes(row.kind) && drawnOn(order, row)) return [];
    const whose = order ? `${order.mark} never asked for` : 'nobody asked for';
    const sentence = `decided ${row.kind} at ${row.revision} (${row.outcome}), which ${whose}`;
    return [{ rule: 'decided as asked', subject: row.reference, sentence }];
  });
}

type Share = { readonly reference: string };

/** Whether an order named this payment, or the hold or sale that it named draws on it, or it was issued for it. */
function payments({ orders, books }: History): (order: Order, row: CommandRow) => boolean {
  const held = new Map<string, readonly string[]>();
  for (const order of orders.filter(({ call }) => call === 'hold'))
    for (const { body } of order.tries.filter((each) => heardOf(order, each) === 'done'))
      held.set(String((body['hold'] as Body)['holdId']), sharesOf(order));
  const sold = grouped(books.movements, ({ saleId }) => saleId ?? '');
  const issued = new Set(
    books.commands.filter(({ kind }) => kind === 'issue').map(({ reference, staffId }) => `${reference} ${staffId}`),
  );
  return (order, { reference }) => {
    const { mark, call, saleId, body } = order;
    const ofHold = [body['holdId'], body['replaces']].flatMap((holdId) => held.get(String(holdId)) ?? []);
    const ofSale = call === 'return' && saleId !== null ? (sold.get(saleId) ?? []) : [];
    const named = [order.reference, ...sharesOf(order), ...ofHold, ...ofSale.map((row) => row.reference)];
    return named.includes(reference) || issued.has(`${reference} ${mark}`);
  };
}

function sharesOf({ body }: Order): string[] {
  return ((body['payments'] ?? []) as readonly Share[]).map(({ reference }) => reference);
}
