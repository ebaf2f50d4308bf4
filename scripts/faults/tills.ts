import { setTimeout as pause } from 'node:timers/promises';
import { createRandom, type Random } from '../finance/random.js';
import { heardOf, isDone } from './check/heard.js';
import type { Body, Order, Try } from './check/history.js';
import type { Caller } from './http.js';
import type { Known, Market, Share } from './market.js';
import { pickWish, type Wish } from './wishes.js';

/** An order that is still being sent. */
export type Placed = Omit<Order, 'tries'> & { readonly tries: Try[]; readonly by: Caller };

export type Orders = {
  readonly all: readonly Placed[];
  readonly place: (by: Caller, wish: Wish, key?: string) => Placed;
};

export function createOrders(): Orders {
  const all: Placed[] = [];
  return {
    all,
    place: (by, wish, key) => {
      const mark = `R-${all.length + 1}`;
      const body = { ...wish.body, staffId: mark };
      const placed = { ...wish, mark, by, caller: by.name, key: key ?? `K-${mark}`, body, tries: [] };
      all.push(placed);
      return placed;
    },
  };
}

const PREFERENCES = { waiting: 6, 'wait=0': 3, 'respond-async': 2 } as const;
const REPEATS_AT_ONCE = 3;

/** A till that asks for one thing after another until it is told to close. */
export async function keepTill(
  by: Caller,
  { orders, market, seed }: { orders: Orders; market: Market; seed: number },
  isOpen: () => boolean,
): Promise<void> {
  const random = createRandom(seed);
  const newId = () => `S-${by.name}-${random.id()}`;
  while (isOpen()) {
    const order = next(random, { by, orders, market, newId });
    await send(order, preferenceOf(random, order));
    learn(market, order);
    for (let i = 0; i < REPEATS_AT_ONCE && isOpen() && isUnanswered(order) && random.chance(0.6); i++) {
      await pause(random.whole(0, 500));
      await send(order, preferenceOf(random, order));
      learn(market, order);
    }
    await pause(random.whole(0, 60));
  }
}

type Counter = { by: Caller; orders: Orders; market: Market; newId: () => string };

/** Mostly something new; now and then an earlier request again, or its key for another. */
function next(random: Random, { by, orders, market, newId }: Counter): Placed {
  const own = orders.all.filter((each) => each.by === by);
  if (own.length > 0 && random.chance(0.1)) return random.pick(own);
  if (own.length > 0 && random.chance(0.03)) {
    const { call, path, reference, saleId, body, key } = random.pick(own);
    return orders.place(by, { call, path, reference, saleId, body: altered(body) }, key);
  }
  return orders.place(by, pickWish(random, market, newId));
}

function altered(body: Body): Body {
  const { amountMinor } = body;
  return typeof amountMinor === 'number' ? { ...body, amountMinor: amountMinor + 1 } : body;
}

/** Only these two can be left with Temporal. */
function preferenceOf(random: Random, { call }: Placed): string | undefined {
  const preference = random.weighted(PREFERENCES);
  if (preference === 'waiting') return undefined;
  return preference === 'respond-async' && call !== 'apply' && call !== 'refund' ? undefined : preference;
}

export async function send(order: Placed, prefer?: string): Promise<Try> {
  const { by, path, key, body, tries } = order;
  const heard = await by.send({ path: `/v1${path}`, key, body, ...(prefer !== undefined && { prefer }) });
  tries.push(heard);
  return heard;
}

function isUnanswered(order: Placed): boolean {
  const last = order.tries.at(-1);
  return last !== undefined && ['unknown', 'nothing', 'sent'].includes(heardOf(order, last));
}

/** What all tills know from then on. */
export function learn(market: Market, order: Placed): void {
  if (!isDone(order) || market.learnt.has(order.mark)) return;
  market.learnt.add(order.mark);
  const { call, body, saleId, reference } = order;
  const told = order.tries.find((each) => heardOf(order, each) === 'done')?.body ?? {};
  const customerId = String(body['customerId']);
  switch (call) {
    case 'issue':
      return meet(market, paymentOf(body, told));
    case 'apply':
      if (reference === null || saleId === null) return;
      market.uses.push({ reference, customerId, saleId, amountMinor: Number(body['amountMinor']) });
      return void market.sold.push({ saleId, customerId });
    case 'hold': {
      const holdId = String((told['hold'] as { holdId?: unknown } | undefined)?.holdId);
      if (saleId !== null) market.held.push({ saleId, customerId, holdId, shares: body['payments'] as Share[] });
      return;
    }
    case 'settle':
    case 'capture':
      return void (saleId !== null && market.sold.push({ saleId, customerId }));
    case 'freeze':
      return void (reference !== null && market.frozen.push(reference));
    case 'gift': {
      const given = (told['gift'] as { toReference: string }).toReference;
      const known = { reference: given, customerId: String(body['toCustomerId']), productId: null } as const;
      return meet(market, { ...known, heat: 'cold', expiry: 'none' });
    }
    case 'cancel':
    case 'expire':
      return void market.payments.splice(
        0,
        Infinity,
        ...market.payments.filter((each) => each.reference !== reference),
      );
    case 'refund':
    case 'payOut':
    case 'extend':
    case 'thaw':
    case 'release':
    case 'return':
      return;
  }
}

function meet({ payments }: Market, known: Known): void {
  if (!payments.some(({ reference }) => reference === known.reference)) payments.push(known);
}

export function paymentOf(body: Body, told: Body): Known {
  const { productId, expiresAt, amountMinor } = body;
  return {
    reference: (told['payment'] as { reference: string }).reference,
    customerId: String(body['customerId']),
    productId: typeof productId === 'string' ? productId : null,
    heat: Number(amountMinor) > 1_000_000 ? 'hot' : 'cold',
    expiry: expiresAt === undefined ? 'none' : 'some',
  };
}
