import { grouped } from './grouped.js';
import { isDone } from './heard.js';
import type { CommandRow, History, Order, Violation } from './history.js';

/** A hold of one payment, as the commands of an order found it and left it. */
type Turn = {
  readonly mark: string;
  readonly holdId: string;
  readonly beforeMinor: number;
  readonly afterMinor: number;
};

/** Each hold is of what was asked for, as much is taken from it as it has, and a payment holds what is left of them. */
export function heldAsAsked({ orders, books }: History): Violation[] {
  const byMark = new Map(orders.map((order) => [order.mark, order]));
  const commands = grouped(books.commands, ({ reference }) => reference);
  return books.payments.flatMap(({ reference, heldMinor }) => {
    const { turns, faults, leftMinor } = replayed(commands.get(reference) ?? []);
    const unasked = turns.flatMap((turn) => {
      const order = byMark.get(turn.mark);
      const askedMinor = order && askedOf(order, reference, turn);
      if (askedMinor === undefined || askedMinor === turn.afterMinor) return [];
      return [`holds ${turn.afterMinor} for ${turn.mark}, and not ${askedMinor}`];
    });
    const left = leftMinor === heldMinor ? [] : [`holds ${heldMinor}; its commands leave ${leftMinor}`];
    return [...unasked, ...faults, ...left]
      .slice(0, 1)
      .map((sentence) => ({ rule: 'held as asked', subject: reference, sentence }));
  });
}

/** What is held once it is done, or of a basket that was edited in vain what was held before. */
function askedOf({ call, body, ...order }: Order, reference: string, { beforeMinor }: Turn): number | undefined {
  if (call === 'gift') return Number(body['amountMinor']);
  if (body['replaces'] !== undefined && !isDone({ call, body, ...order })) return beforeMinor;
  const shares = (body['payments'] ?? []) as readonly { reference: string; amountMinor: number }[];
  return shares.find((each) => each.reference === reference)?.amountMinor;
}

/** What one payment's commands, one after the other, make of its holds. */
function replayed(commands: readonly CommandRow[]) {
  const open = new Map<string, number>();
  const turns = new Map<string, Turn>();
  const faults: string[] = [];
  for (const row of commands.filter(({ outcome }) => outcome === 'accepted')) {
    const amountMinor = row.amountMinor ?? 0;
    const holdId = row.holdId ?? row.commandId;
    const beforeMinor = open.get(holdId) ?? 0;
    switch (row.kind) {
      case 'hold': {
        const mark = row.staffId ?? '';
        const first = turns.get(`${mark} ${holdId}`);
        turns.set(`${mark} ${holdId}`, {
          mark,
          holdId,
          beforeMinor: first?.beforeMinor ?? beforeMinor,
          afterMinor: amountMinor,
        });
        open.set(holdId, amountMinor);
        break;
      }
      case 'capture':
        if (amountMinor > beforeMinor)
          faults.push(`gave ${amountMinor} of a hold of ${beforeMinor} at ${row.revision}`);
        open.set(holdId, row.rest === 'kept' ? beforeMinor - amountMinor : 0);
        break;
      case 'release':
        open.delete(holdId);
        break;
    }
  }
  const leftMinor = [...open.values()].reduce((sum, each) => sum + each, 0);
  return { turns: [...turns.values()], faults, leftMinor };
}
