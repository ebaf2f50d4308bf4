import { grouped } from './grouped.js';
import { heardOf, isDone } from './heard.js';
import type { Body, History, MovementRow, Order, Violation } from './history.js';

/** A movement that an order has to have made: this much of this payment. */
type Expected = { readonly reference: string; readonly kind: string; readonly amountMinor: number };

/**
 * What an order was told is done stands in the books exactly once; what was refused, or never done, not at all; and
 * nothing stands there that nobody asked for.
 */
export function exactlyOnce(history: History): Violation[] {
  const { orders, books } = history;
  const rows = grouped(books.movements, ({ staffId }) => staffId ?? '');
  const holds = holdsOf(orders);
  const ofOrders = orders.flatMap((order) => {
    const made = rows.get(order.mark) ?? [];
    return isDone(order) ? differences(order, made, holds) : untouched(order, made);
  });
  const marks = new Set(orders.map(({ mark }) => mark));
  const nobodys = books.movements
    .filter(({ staffId, caller, kind }) => !marks.has(staffId ?? '') && !(caller === 'clock' && kind === 'expired'))
    .map((row) => violation(row.reference, `has ${describe(row)}, which nobody asked for`));
  return [...ofOrders, ...nobodys];
}

function differences(order: Order, made: readonly MovementRow[], holds: Holds): Violation[] {
  const expected = expectedOf(order, holds).map(describe).sort();
  const there = made.map(describe).sort();
  if (JSON.stringify(expected) === JSON.stringify(there)) return [];
  return [violation(order.mark, `was done: ${list(expected)}; the books have ${list(there)}`)];
}

/** A gift that came to nothing may have gone there and back. */
function untouched(order: Order, made: readonly MovementRow[]): Violation[] {
  if (made.length === 0) return [];
  if (order.call === 'gift' && made.reduce((sum, { amountMinor }) => sum + amountMinor, 0) === 0) return [];
  return [violation(order.mark, `was never done, and the books have ${list(made.map(describe))}`)];
}

function expectedOf(order: Order, holds: Holds): Expected[] {
  const { call, body, reference, tries } = order;
  const told = tries.find((each) => heardOf(order, each) === 'done')?.body ?? {};
  const amountMinor = Number(body['amountMinor']);
  switch (call) {
    case 'issue':
      return [{ reference: String((told['payment'] as Body)['reference']), kind: 'issued', amountMinor }];
    case 'apply':
      return [{ reference: reference ?? '', kind: 'applied', amountMinor: -amountMinor }];
    case 'refund':
      return [{ reference: reference ?? '', kind: 'refunded', amountMinor }];
    case 'payOut':
      return [{ reference: reference ?? '', kind: 'paid_out', amountMinor: -amountMinor }];
    case 'cancel':
    case 'expire': {
      const takenMinor = Number((told['movement'] as Body)['amountMinor']);
      return [
        { reference: reference ?? '', kind: `${call}${call === 'cancel' ? 'led' : 'd'}`, amountMinor: takenMinor },
      ];
    }
    case 'extend':
    case 'freeze':
    case 'thaw':
    case 'hold':
    case 'release':
      return [];
    case 'settle':
      return (body['payments'] as Share[]).map(taken);
    case 'capture':
      return (holds.takenBy(order) ?? []).filter((share) => share.amountMinor > 0).map(taken);
    case 'return':
      return (told['return'] as { returned: readonly Returned[] }).returned
        .filter((each) => each.amountMinor > 0)
        .map((each) =>
          each.replacement === null
            ? { reference: each.reference, kind: 'refunded', amountMinor: each.amountMinor }
            : { reference: each.replacement, kind: 'issued', amountMinor: each.amountMinor },
        );
    case 'gift': {
      const { toReference } = told['gift'] as { toReference: string };
      return [
        { reference: reference ?? '', kind: 'gifted', amountMinor: -amountMinor },
        { reference: toReference, kind: 'issued', amountMinor },
      ];
    }
  }
}

type Share = { readonly reference: string; readonly amountMinor: number };
type Returned = Share & { readonly replacement: string | null };

function taken({ reference, amountMinor }: Share): Expected {
  return { reference, kind: 'applied', amountMinor: -amountMinor };
}

type Holds = { readonly takenBy: (capture: Order) => readonly Share[] | undefined };

/**
 * What a capture takes: what it names, or all that its hold has left. Only a capture that keeps the rest leaves any, so
 * those that name amounts came before the one that does not.
 */
function holdsOf(orders: readonly Order[]): Holds {
  const held = new Map<string, readonly Share[]>();
  const partly = new Map<string, number>();
  for (const order of orders.filter(isDone)) {
    const told = order.tries.find((each) => heardOf(order, each) === 'done')?.body ?? {};
    if (order.call === 'hold') held.set(String((told['hold'] as Body)['holdId']), order.body['payments'] as Share[]);
    if (order.call !== 'capture') continue;
    for (const { reference, amountMinor } of (order.body['payments'] ?? []) as Share[]) {
      const name = `${String(order.body['holdId'])} ${reference}`;
      partly.set(name, (partly.get(name) ?? 0) + amountMinor);
    }
  }
  return {
    takenBy: ({ body }) => {
      if (body['payments'] !== undefined) return body['payments'] as Share[];
      const holdId = String(body['holdId']);
      return held.get(holdId)?.map(({ reference, amountMinor }) => ({
        reference,
        amountMinor: amountMinor - (partly.get(`${holdId} ${reference}`) ?? 0),
      }));
    },
  };
}

function describe({ kind, amountMinor, reference }: Expected): string {
  return `${kind} ${amountMinor} of ${reference}`;
}

function list(described: readonly string[]): string {
  return described.length === 0 ? 'nothing' : described.join(', ');
}

function violation(subject: string, sentence: string): Violation {
  return { rule: 'exactly once', subject, sentence };
}
