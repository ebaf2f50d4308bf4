import type { Command, Issue } from '../../../domain/payment/command.js';
import { instantOf } from '../../../domain/instants.js';
import type { RefusalCode } from '../../../domain/refusals.js';
import { room } from '../../../domain/payment/limits.js';
import {
  after,
  apply,
  by,
  cancel,
  capture,
  DAY_MS,
  expire,
  extend,
  freeze,
  give,
  givenAway,
  hold,
  NOW,
  payOut,
  refund,
  release,
  thaw,
} from './build.js';

export type Row = [
  code: RefusalCode | 'accepted',
  before: Command[],
  command: Command,
  more?: { terms?: Partial<Issue>; atMs?: number },
];

const goodwill: Partial<Issue> = { funding: { kind: 'goodwill' } };
const goodwillGiven: Partial<Issue> = {
  funding: { kind: 'gift', source: 'goodwill', giftId: 'T', givenFrom: 'ACC-20261123-G1VEN000' },
};
const bike: Partial<Issue> = { scope: { type: 'product_specific', productId: 'bike' } };
const lines = [
  { productId: 'bike', amountMinor: 500 },
  { productId: 'lock', amountMinor: 900 },
];
const keepRest = { heldUntil: instantOf(NOW + DAY_MS) };
const otherTill = { ...by, caller: 'till-2' };
const sameTillElsewhere = { ...by, shopId: 'elsewhere' };
const later = { atMs: NOW + DAY_MS };
const afterHold = { atMs: NOW + 60_000 };

/** What every command gets in every situation that the rules tell apart. Grouped by command. */
export const rows: Row[] = [
  ['accepted', [], apply('a', 10_000)],
  ['payment_not_found', [], apply('a', 1, { customerId: 'D' })],
  ['payment_used', [apply('x', 10_000)], apply('a', 1)],
  ['payment_expired', [expire('x')], apply('a', 1)],
  ['payment_expired', [], apply('a', 1), later],
  ['payment_cancelled', [cancel('x')], apply('a', 1)],
  ['currency_mismatch', [], apply('a', 1, { currency: 'USD' })],
  ['insufficient_balance', [], apply('a', 10_001)],
  ['insufficient_balance', [hold('x', 9_000)], apply('a', 1_001)],
  ['accepted', [hold('x', 9_000)], apply('a', 1_001), afterHold],
  ['command_id_reused', [apply('a', 1)], apply('a', 2)],
  ['payment_frozen', [freeze('f')], apply('a', 1)],
  ['payment_frozen', [freeze('f', 'gift')], hold('a', 1)],
  ['accepted', [freeze('f'), thaw('t')], apply('a', 1)],
  ['payment_frozen', [freeze('f'), freeze('g', 'reconciliation'), thaw('t')], apply('a', 1)],
  ['sale_exists', [apply('x', 60)], apply('a', 1, { takenMinor: 0 })],
  ['sale_exists', [apply('x', 10_000)], hold('a', 1, { takenMinor: 0 })],
  ['accepted', [apply('x', 60)], apply('a', 1, { takenMinor: 60 })],
  ['accepted', [apply('x', 60), refund('r', 60)], hold('a', 1, { takenMinor: 0 })],
  ['exceeds_basket', [], apply('a', 1_401, { lines })],
  ['exceeds_basket', [apply('x', 1_000)], apply('a', 401, { lines })],
  ['exceeds_basket', [hold('x', 1_000)], hold('a', 401, { lines })],
  ['accepted', [hold('x', 1_000)], hold('a', 1_400, { lines, resizes: 'x' })],
  ['hold_open', [hold('x', 1_000)], apply('a', 400)],
  ['accepted', [hold('x', 1_000)], apply('a', 400, { lines })],
  ['accepted', [hold('x', 1_000)], apply('a', 400, { saleId: 'T' })],
  ['accepted', [hold('x', 1_000)], apply('a', 400, { saleShopId: 'elsewhere' })],
  ['accepted', [hold('x', 1_000), release('r', 'x')], apply('a', 400)],
  ['accepted', [hold('x', 1_000)], apply('a', 400, { parent: { kind: 'sale', id: 'main/S', commandId: 'c' } })],
  ['accepted', [hold('x', 1_000)], apply('a', 400), { terms: { rules: 1 } }],
  ['product_not_in_sale', [], apply('a', 1), { terms: bike }],
  ['product_not_in_sale', [], apply('a', 1, { lines: lines.slice(1) }), { terms: bike }],
  ['accepted', [], apply('a', 500, { lines }), { terms: bike }],
  ['exceeds_product_total', [], apply('a', 501, { lines }), { terms: bike }],
  ['exceeds_product_total', [apply('x', 300, { lines })], apply('a', 201, { lines }), { terms: bike }],
  ['exceeds_product_total', [hold('x', 300, { lines })], apply('a', 201, { lines }), { terms: bike }],
  ['accepted', [apply('x', 300, { lines }), refund('y', 1)], apply('a', 201, { lines }), { terms: bike }],

  ['accepted', [], hold('h', 10_000)],
  ['payment_not_found', [], hold('h', 1, { customerId: 'D' })],
  ['payment_used', [apply('x', 10_000)], hold('h', 1)],
  ['payment_expired', [], hold('h', 1), later],
  ['insufficient_balance', [hold('x', 9_000)], hold('h', 1_001)],
  ['hold_closed', [release('x', 'h')], hold('h', 1)],
  ['try_later', holdsOfMany(room.openHolds), hold('h', 1)],
  ['accepted', holds(room.openHoldsOfCaller - 1), hold('h', 1)],
  ['too_many_holds', holds(room.openHoldsOfCaller), hold('h', 1)],
  ['too_many_holds', holds(room.openHoldsOfCaller), give('h', 1)],
  ['accepted', holds(room.openHoldsOfCaller), hold('h', 1, { by: otherTill })],
  ['accepted', holds(room.openHoldsOfCaller), hold('h', 1, { by: sameTillElsewhere })],
  ['accepted', [...holds(room.openHoldsOfCaller), release('r', 'x7')], hold('h', 1)],
  ['accepted', [...holds(room.openHoldsOfCaller), capture('c', 'x7', 1)], hold('h', 1)],
  ['accepted', holds(room.openHoldsOfCaller), hold('h', 1), afterHold],
  ['accepted', holds(room.openHoldsOfCaller), hold('h', 99, { resizes: 'x7' })],
  ['accepted', holds(room.openHoldsOfCaller), hold('h', 1), { terms: { rules: 1 } }],
  ['accepted', [hold('h', 700)], hold('i', 10_000, { resizes: 'h' })],
  ['accepted', [hold('h', 700), apply('x', 9_300)], hold('i', 600, { resizes: 'h' })],
  ['insufficient_balance', [hold('h', 700)], hold('i', 10_001, { resizes: 'h' })],
  ['accepted', [hold('h', 700), freeze('f')], hold('i', 700, { resizes: 'h' })],
  ['accepted', [hold('h', 700, { lifetimeMs: 2 * DAY_MS })], hold('i', 1, { resizes: 'h' }), later],
  ['payment_frozen', [hold('h', 700), freeze('f')], hold('i', 701, { resizes: 'h' })],
  ['hold_closed', [hold('h', 700), release('r', 'h')], hold('i', 1, { resizes: 'h' })],
  ['hold_not_found', [], hold('i', 1, { resizes: 'h' })],
  ['hold_not_found', [hold('h', 700)], hold('i', 1, { resizes: 'h', saleId: 'T' })],

  ['accepted', [apply('x', 700)], refund('r', 700)],
  ['accepted', [apply('x', 10_000)], refund('r', 1)],
  ['exceeds_refundable', [apply('x', 700)], refund('r', 701)],
  ['exceeds_refundable', [apply('x', 700), refund('y', 600)], refund('r', 101)],
  ['exceeds_refundable', [apply('x', 700, { saleId: 'T' })], refund('r', 1)],
  ['currency_mismatch', [apply('x', 700)], refund('r', 1, { currency: 'USD' })],
  ['exceeds_refundable', [], refund('r', 1, { currency: 'USD' })],
  ['exceeds_refundable', [apply('x', 700), expire('y')], refund('r', 701)],
  ['exceeds_refundable', [apply('x', 700), refund('z', 700), cancel('y')], refund('r', 1)],
  ['payment_expired', [apply('x', 700), expire('y')], refund('r', 1)],
  ['payment_expired', [apply('x', 10_000)], refund('r', 1), later],
  ['payment_cancelled', [apply('x', 700), cancel('y')], refund('r', 1)],

  ['accepted', [apply('x', 700)], refund('r', 600, { keptMinor: 100 })],
  ['accepted', [apply('x', 700)], refund('r', 0, { keptMinor: 700 })],
  ['exceeds_refundable', [apply('x', 700)], refund('r', 600, { keptMinor: 101 })],
  ['exceeds_refundable', [apply('x', 700), refund('y', 0, { keptMinor: 1 })], refund('r', 700)],
  ['payment_not_found', [apply('x', 700)], refund('r', 1, { customerId: 'D' })],
  ['accepted', [apply('x', 700), freeze('f')], refund('r', 700)],

  ['accepted', [], payOut('p', 10_000)],
  ['payment_not_found', [], payOut('p', 1, { customerId: 'D' })],
  ['payment_used', [payOut('x', 10_000)], payOut('p', 1)],
  ['payment_expired', [], payOut('p', 1), later],
  ['payment_cancelled', [cancel('x')], payOut('p', 1)],
  ['payment_frozen', [freeze('f')], payOut('p', 1)],
  ['currency_mismatch', [], payOut('p', 1, { currency: 'USD' })],
  ['not_payable', [], payOut('p', 1), { terms: goodwill }],
  ['accepted', [], payOut('p', 1, { ofGoodwill: 'allowed' }), { terms: goodwill }],
  ['not_payable', [], payOut('p', 1), { terms: goodwillGiven }],
  ['not_payable', [], cancel('c'), { terms: goodwill }],
  ['accepted', [], cancel('c', { ofGoodwill: 'allowed' }), { terms: goodwill }],
  ['accepted', [], cancel('c', { disposition: 'forfeited', tender: undefined }), { terms: goodwill }],
  ['hold_open', [hold('h', 9_000)], payOut('p', 1_001)],
  ['insufficient_balance', [hold('h', 9_000)], payOut('p', 10_001)],
  ['accepted', [hold('h', 9_000)], payOut('p', 1_000)],

  ['accepted', [], freeze('f')],
  ['accepted', [freeze('x', 'reconciliation')], freeze('f')],
  ['already_frozen', [freeze('x')], freeze('f')],
  ['not_frozen', [], thaw('t')],
  ['not_frozen', [freeze('x', 'gift')], thaw('t')],
  ['payment_used', [apply('x', 10_000)], freeze('f')],
  ['payment_cancelled', [cancel('x')], thaw('t')],
  ['payment_expired', [], freeze('f'), later],

  ['accepted', [hold('h', 700)], capture('c', 'h', 700)],
  ['accepted', [hold('h', 700), capture('x', 'h', 300, keepRest)], capture('c', 'h', 400)],
  ['exceeds_held_amount', [hold('h', 700), capture('x', 'h', 300, keepRest)], capture('c', 'h', 401)],
  ['hold_closed', [hold('h', 700), capture('x', 'h', 700, keepRest)], capture('c', 'h', 1)],
  ['accepted', [hold('h', 700), freeze('f')], capture('c', 'h', 700)],
  ['accepted', [hold('h', 700)], capture('c', 'h', 1)],
  ['exceeds_held_amount', [hold('h', 700)], capture('c', 'h', 701)],
  ['hold_not_found', [], capture('c', 'h', 1)],
  ['hold_not_found', [hold('h', 700)], capture('c', 'h', 1, { saleId: 'T' })],
  ['hold_closed', [hold('h', 700), capture('x', 'h', 1)], capture('c', 'h', 1)],
  ['hold_closed', [hold('h', 700), release('x', 'h')], capture('c', 'h', 1)],
  ['hold_expired', [hold('h', 700)], capture('c', 'h', 1), afterHold],
  ['accepted', [hold('h', 700, { lifetimeMs: 2 * DAY_MS })], capture('c', 'h', 700), later],

  ['accepted', [give('h', 700)], givenAway('c', 'h', 700)],
  ['accepted', [], give('g', 100), { terms: bike }],
  ['insufficient_balance', [hold('x', 9_000)], give('g', 1_001)],
  ['payment_not_found', [], give('g', 1, { customerId: 'D' })],
  ['hold_not_found', [give('h', 700)], capture('c', 'h', 700)],
  ['hold_not_found', [hold('h', 700)], givenAway('c', 'h', 700)],

  ['accepted', [hold('h', 700)], release('c', 'h')],
  ['accepted', [], release('c', 'h')],
  ['hold_closed', [hold('h', 700), release('x', 'h')], release('c', 'h')],
  ['hold_expired', [hold('h', 700)], release('c', 'h'), afterHold],

  ['accepted', [], cancel('c')],
  ['payment_used', [apply('x', 10_000)], cancel('c')],
  ['payment_frozen', [freeze('f')], cancel('c')],
  ['accepted', [freeze('f')], cancel('c', { disposition: 'issued_in_error', tender: undefined })],
  ['payment_not_found', [], cancel('c', { customerId: 'D' })],
  ['payment_expired', [], cancel('c'), later],
  ['payment_cancelled', [cancel('x')], cancel('c')],
  ['hold_open', [hold('h', 1)], cancel('c')],

  ['accepted', [], expire('e')],
  ['payment_used', [apply('x', 10_000)], expire('e')],
  ['payment_expired', [expire('x')], expire('e')],
  ['payment_cancelled', [cancel('x')], expire('e')],
  ['hold_open', [hold('h', 1)], expire('e')],
  ['accepted', [freeze('f')], expire('e')],
  ['accepted', [freeze('f')], extend('e', null)],

  ['accepted', [], extend('e', instantOf(NOW + 2 * DAY_MS))],
  ['accepted', [], extend('e', null)],
  ['accepted', [apply('x', 10_000)], extend('e', null)],
  ['expires_at_in_past', [], extend('e', instantOf(NOW))],
  ['expires_at_not_later', [], extend('e', instantOf(NOW + DAY_MS))],
  ['expires_at_not_later', [extend('x', null)], extend('e', null)],
  ['payment_expired', [], extend('e', null), later],
  ['payment_cancelled', [cancel('x')], extend('e', null)],
];

export function stateOf([, before, , more]: Row) {
  return after(before, more?.terms);
}

function holds(count: number): Command[] {
  return Array.from({ length: count }, (_, i) => hold(`x${i}`, 1));
}

function holdsOfMany(count: number): Command[] {
  return Array.from({ length: count }, (_, i) => hold(`x${i}`, 1, { by: { ...by, caller: `till-${i}` } }));
}
