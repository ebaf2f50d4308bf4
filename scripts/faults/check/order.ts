import { grouped } from './grouped.js';
import { finalOf, heardOf, isDone } from './heard.js';
import type { Body, History, Violation } from './history.js';

/** Something that was seen of a payment between two moments: how far it had come. */
type Seen = {
  readonly mark: string;
  readonly reference: string;
  readonly sentAtMs: number;
  readonly heardAtMs: number;
  readonly revision: number;
};

/** What was done when a till asked for the next thing, comes before that; and nobody is shown what was before. */
export function realTimeOrder(history: History): Violation[] {
  return [
    ...backwards('decided in turn', decided(history), 'same'),
    ...backwards('shown in turn', shown(history), 'as_new'),
  ];
}

/** Commands of one payment, by when they were first asked for and when the first answer came. */
function decided({ orders, books }: History): Seen[] {
  const revisions = new Map(
    books.commands.map(({ reference, staffId, revision }) => [`${reference} ${staffId}`, revision]),
  );
  return orders.flatMap((order) => {
    const { mark, reference, tries } = order;
    const revision = revisions.get(`${reference} ${mark}`);
    const [first, final] = [tries[0], finalOf(order)];
    if (reference === null || order.call === 'gift' || !first || !final || revision === undefined) return [];
    return [{ mark, reference, sentAtMs: first.sentAtMs, heardAtMs: final.heardAtMs, revision }];
  });
}

/** The payment as it stands beside an answer. */
function shown({ orders }: History): Seen[] {
  return orders.flatMap((order) =>
    order.tries.flatMap((each): Seen[] => {
      const payment = each.body['payment'] as Body | undefined;
      if (!payment || !['done', 'refused'].includes(heardOf(order, each))) return [];
      const { sentAtMs, heardAtMs } = each;
      const { reference, revision } = payment as { reference: string; revision: number };
      return [{ mark: order.mark, reference, sentAtMs, heardAtMs, revision }];
    }),
  );
}

/** Those that were sent after another had been answered, and yet come before it. */
function backwards(rule: string, seen: readonly Seen[], least: 'same' | 'as_new'): Violation[] {
  const byReference = grouped(seen, ({ reference }) => reference);
  return [...byReference.values()].flatMap((ofPayment) => {
    const heard = ofPayment.toSorted((a, b) => a.heardAtMs - b.heardAtMs);
    const sent = ofPayment.toSorted((a, b) => a.sentAtMs - b.sentAtMs);
    let newest: Seen | undefined;
    let next = 0;
    for (const each of sent) {
      for (let answered = heard[next]; answered && answered.heardAtMs < each.sentAtMs; answered = heard[++next])
        if (answered.revision > (newest?.revision ?? 0)) newest = answered;
      if (!newest || newest.mark === each.mark) continue;
      const isBehind = least === 'same' ? each.revision <= newest.revision : each.revision < newest.revision;
      if (!isBehind) continue;
      const { reference, revision, mark } = newest;
      const sentence = `is at ${each.revision} of ${reference}, and was sent after ${mark} had heard of ${revision}`;
      return [{ rule, subject: each.mark, sentence }];
    }
    return [];
  });
}

/** Nobody is told that there is too little when there is enough. */
export function refusedRightly({ orders }: History): Violation[] {
  return orders
    .filter((order) => !isDone(order))
    .flatMap((order) => {
      const told = order.tries.find(
        (each) => each.body['code'] === 'insufficient_balance' && each.replayed === 'first',
      );
      const payment = told?.body['payment'] as Body | undefined;
      if (!payment || Number(payment['availableMinor']) < Number(order.body['amountMinor'])) return [];
      const sentence = `was refused ${String(order.body['amountMinor'])} of ${String(payment['availableMinor'])} available`;
      return [{ rule: 'refused rightly', subject: order.mark, sentence }];
    });
}
