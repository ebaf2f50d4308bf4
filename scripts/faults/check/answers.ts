import { grouped } from './grouped.js';
import { finalOf, heardOf, isOpen } from './heard.js';
import type { Body, History, Order, Try, Violation } from './history.js';

/** However often it is sent, and whatever happens meanwhile, an order has one answer. */
export function oneAnswer({ orders }: History): Violation[] {
  return orders.flatMap((order) => {
    const final = finalOf(order);
    if (!final) return [];
    const others = order.tries.filter((each) => isAnotherAnswer(order, final, each));
    return others.slice(0, 1).map((other) => ({
      rule: 'one answer',
      subject: order.mark,
      sentence: `was told ${tell(final)}, and then ${tell(other)}`,
    }));
  });
}

function isAnotherAnswer(order: Order, final: Try, each: Try): boolean {
  switch (heardOf(order, each)) {
    case 'nothing':
    case 'unknown':
    case 'sent':
      return false;
    case 'not_now':
      // What was not done then may be done later, but what is done stays so.
      return each.sentAtMs > final.heardAtMs;
    case 'done':
    case 'refused':
      return contentOf(order, final) !== contentOf(order, each);
  }
}

/** What an answer says of its order alone; beside it stands what the payment is now. */
export function contentOf({ call }: Pick<Order, 'call'>, { status, body }: Try): string {
  if (status >= 400) return `refused ${String(body['code'])}`;
  return JSON.stringify(toldOf(call, body), inOrder);
}

/** The books keep no order of names. */
function inOrder(_: string, value: unknown): unknown {
  const isNamed = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isNamed ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}

function toldOf(call: Order['call'], body: Body): unknown {
  switch (call) {
    case 'issue': {
      const { reference, amountMinor, customerId, issuedAt } = body['payment'] as Body;
      return { reference, amountMinor, customerId, issuedAt };
    }
    case 'apply':
    case 'refund':
      return body['usage'];
    case 'payOut':
    case 'cancel':
    case 'expire':
    case 'extend':
    case 'freeze':
    case 'thaw':
      return body['movement'];
    case 'hold':
      return (body['hold'] as Body)['holdId'];
    case 'settle':
    case 'capture':
    case 'release':
      return 'done';
    case 'return': {
      const { returnId, amountMinor, returned } = body['return'] as { returned: readonly Body[] } & Body;
      return { returnId, amountMinor, returned };
    }
    case 'gift': {
      const { giftId, toReference, amountMinor } = body['gift'] as Body;
      return { giftId, toReference, amountMinor };
    }
  }
}

/** A key means one request: of those for which a till used it, one at the most is decided, whatever came of it. */
export function oneRequestAKey({ orders, books }: History): Violation[] {
  const inBooks = new Set(books.commands.map(({ staffId }) => staffId));
  const byKey = grouped(orders, ({ caller, key }) => `${caller} ${key}`);
  return [...byKey.values()].flatMap((same) => {
    const [decided, ...more] = same.filter((order) => finalOf(order) !== undefined || inBooks.has(order.mark));
    if (!decided || more.length === 0) return [];
    const marks = more.map(({ mark }) => mark).join(' and ');
    const sentence = `came under one key with ${marks}, and each was decided`;
    return [{ rule: 'one request a key', subject: decided.mark, sentence }];
  });
}

/** Asked again when everything is there, somebody knows what became of it. */
export function answeredAtLast({ orders }: History): Violation[] {
  return orders.filter(isOpen).map((order) => ({
    rule: 'answered at last',
    subject: order.mark,
    sentence: `was sent ${order.tries.length} times, and nobody can say what became of it: ${tell(order.tries.at(-1))}`,
  }));
}

/**
 * Where every answer said that nothing had changed, the next one is no repeat of a decision. What is issued was
 * promised its reference before, and is told as a repeat once that is found.
 */
export function nothingHadChanged({ orders }: History): Violation[] {
  return orders.flatMap((order) => {
    if (order.call === 'issue') return [];
    const first = order.tries.findIndex((each) => !['nothing', 'not_now'].includes(heardOf(order, each)));
    const told = order.tries[first];
    if (!told || first === 0 || told.replayed === 'first' || isReused(order)) return [];
    const before = order.tries.slice(0, first);
    if (before.some(({ heardAtMs }) => heardAtMs > told.sentAtMs)) return [];
    return [
      {
        rule: 'nothing had changed',
        subject: order.mark,
        sentence: `heard ${before.map(tell).join(', ')}, and then that it was decided before: ${tell(told)}`,
      },
    ];
  });
}

function isReused({ tries }: Order): boolean {
  return tries.some(({ body }) => body['code'] === 'command_id_reused');
}

export function tell(told: Try | undefined): string {
  if (!told) return 'nothing';
  const { status, body } = told;
  const code = body['code'];
  return typeof code === 'string' ? `${status} ${code}` : String(status);
}
