import { grouped } from './grouped.js';
import { isDone } from './heard.js';
import type { CommandRow, History, Order, Violation } from './history.js';

/** What an order did to a hold of one payment: what it was before, was made to be, and was when that was through. */
type Turn = {
  readonly mark: string;
  readonly beforeMinor: number;
  readonly heldMinor: number;
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
      return order ? whyNotAsked(order, reference, turn) : [];
    });
    const left = leftMinor === heldMinor ? [] : [`holds ${heldMinor}; its commands leave ${leftMinor}`];
    return [...unasked, ...faults, ...left]
      .slice(0, 1)
      .map((sentence) => ({ rule: 'held as asked', subject: reference, sentence }));
  });
}

/** A basket that was edited in vain is held as before, and so is what a capture only holds for longer. */
function whyNotAsked(order: Order, reference: string, { beforeMinor, heldMinor, afterMinor }: Turn): string[] {
  const { mark, call, body } = order;
  const isAsBefore = call === 'capture' || (body['replaces'] !== undefined && !isDone(order));
  const shares = (body['payments'] ?? []) as readonly { reference: string; amountMinor: number }[];
  const share = shares.find((each) => each.reference === reference);
  const askedMinor = call === 'gift' ? Number(body['amountMinor']) : share?.amountMinor;
  if (isAsBefore) return beforeMinor === afterMinor ? [] : [`held ${beforeMinor}, and ${afterMinor} after ${mark}`];
  return askedMinor === heldMinor ? [] : [`held ${heldMinor} for ${mark}, which asked for ${askedMinor ?? 'none'}`];
}

/** What one payment's commands, one after the other, make of its holds. */
function replayed(commands: readonly CommandRow[]) {
  const open = new Map<string, number>();
  const turns = new Map<string, Turn>();
  const faults: string[] = [];
  for (const row of commands.filter(({ outcome }) => outcome === 'accepted')) {
    const { kind, revision, rest } = row;
    const amountMinor = row.amountMinor ?? 0;
    const holdId = row.holdId ?? row.commandId;
    const beforeMinor = open.get(holdId) ?? 0;
    const [mark, name] = [row.staffId ?? '', `${row.staffId} ${holdId}`];
    const turn = turns.get(name);
    switch (kind) {
      case 'hold':
        turns.set(name, { mark, beforeMinor, ...turn, heldMinor: amountMinor, afterMinor: amountMinor });
        open.set(holdId, amountMinor);
        break;
      case 'capture':
        if (amountMinor > beforeMinor) faults.push(`gave ${amountMinor} of a hold of ${beforeMinor} at ${revision}`);
        open.set(holdId, rest === 'kept' ? beforeMinor - amountMinor : 0);
        break;
      case 'release':
        if (turn) turns.set(name, { ...turn, afterMinor: 0 });
        open.delete(holdId);
        break;
    }
  }
  const leftMinor = [...open.values()].reduce((sum, each) => sum + each, 0);
  return { turns: [...turns.values()], faults, leftMinor };
}
