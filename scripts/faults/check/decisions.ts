import { grouped } from './grouped.js';
import { finalOf, isDone, isOpen } from './heard.js';
import type { CommandRow, History, Order, PaymentRow, Violation } from './history.js';

type Made = { readonly made: readonly CommandRow[]; readonly isOver: (reference: string) => boolean };

/**
 * What the books say was decided is what tills were told, also of what moves nothing: a freeze, a thaw, another expiry,
 * a hold. What was done stands there once, what was refused with the code that was told, and of all else nothing.
 */
export function decidedAsTold({ orders, books }: History): Violation[] {
  const rows = grouped(books.commands, ({ staffId }) => staffId ?? '');
  const isOver = (row: PaymentRow) =>
    row.status === 'used' ? Date.parse(row.expiresAt ?? '') < books.readAtMs : row.status !== 'active';
  const over = new Set(books.payments.filter(isOver).map(({ reference }) => reference));
  return orders
    .filter((order) => !isOpen(order))
    .flatMap((order) => {
      const made = rows.get(order.mark) ?? [];
      if (isRight(order, { made, isOver: (reference) => over.has(reference) })) return [];
      const sentence = `was ${toldOf(order)}; the books have ${made.map(describe).join(', ') || 'nothing'}`;
      return [{ rule: 'decided as told', subject: order.mark, sentence }];
    });
}

function isRight(order: Order, { made, isOver }: Made): boolean {
  switch (order.call) {
    case 'apply':
    case 'refund':
    case 'payOut':
    case 'cancel':
    case 'expire':
    case 'extend':
    case 'freeze':
    case 'thaw':
      return isOfOnePayment(order, { made, isOver });
    case 'hold':
      return isDone(order) ? isHeldOnce(order, made) : isLetGo(made);
    case 'release':
      return isDone(order) ? isReleasedOnce(made) : !made.some(isAccepted);
    case 'issue':
    case 'settle':
    case 'capture':
    case 'return':
    case 'gift':
      // What they did moved money, which is looked at elsewhere.
      return isDone(order) || isLetGo(made);
  }
}

/** A payment that has ended remembers no refusals more. */
function isOfOnePayment(order: Order, { made, isOver }: Made): boolean {
  const { call, reference } = order;
  const final = finalOf(order);
  if (!final) return !made.some(isAccepted);
  if (!isDone(order) && made.length === 0) return isOver(reference ?? '');
  const outcome = isDone(order) ? 'accepted' : final.body['code'];
  const [row, ...more] = made;
  return row?.kind === call && row.reference === reference && row.outcome === outcome && more.length === 0;
}

/** Of each payment once; a basket that was edited may leave a hold as it is. */
function isHeldOnce({ body }: Order, made: readonly CommandRow[]): boolean {
  const held = made.filter((row) => row.kind === 'hold' && isAccepted(row)).map(({ reference }) => reference);
  const asked = (body['payments'] as readonly { reference: string }[]).map(({ reference }) => reference);
  if (body['replaces'] !== undefined) return new Set(held).size === held.length;
  return JSON.stringify(held.sort()) === JSON.stringify(asked.sort());
}

function isReleasedOnce(made: readonly CommandRow[]): boolean {
  const released = made.filter((row) => row.kind === 'release' && isAccepted(row));
  return released.length > 0 && new Set(released.map(({ holdId }) => holdId)).size === released.length;
}

/** What was held on the way to a refusal is held no more. */
function isLetGo(made: readonly CommandRow[]): boolean {
  const accepted = made.filter(isAccepted);
  const closed = new Set(accepted.filter(({ kind }) => kind !== 'hold').map(({ holdId }) => holdId));
  return accepted.every(({ kind, holdId, commandId }) => kind !== 'hold' || holdId !== null || closed.has(commandId));
}

function isAccepted({ outcome }: CommandRow): boolean {
  return outcome === 'accepted';
}

function toldOf(order: Order): string {
  if (isDone(order)) return 'told that it was done';
  const code = finalOf(order)?.body['code'];
  return typeof code === 'string' ? `refused ${code}` : 'never done';
}

function describe({ kind, outcome, reference }: CommandRow): string {
  return `${kind} ${outcome} of ${reference}`;
}
