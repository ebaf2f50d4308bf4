import { answeredAtLast, nothingHadChanged, oneAnswer, oneRequestAKey } from './answers.js';
import { decidedAsAsked } from './asked.js';
import {
  booksEqualActors,
  closesProve,
  endedInTime,
  lastWordStands,
  noConflicts,
  toldAsRecorded,
  unbrokenChains,
} from './books.js';
import { decidedAsTold } from './decisions.js';
import { exactlyOnce } from './effects.js';
import { frozenForCause } from './freezes.js';
import type { History, Order, Violation } from './history.js';
import { heldAsAsked } from './holds.js';
import { realTimeOrder, refusedRightly } from './order.js';
import { heldBySomebody, neverMoreBack, salesAddUp } from './sales.js';

const rules = [
  oneAnswer,
  oneRequestAKey,
  answeredAtLast,
  nothingHadChanged,
  exactlyOnce,
  decidedAsTold,
  decidedAsAsked,
  toldAsRecorded,
  unbrokenChains,
  booksEqualActors,
  noConflicts,
  closesProve,
  endedInTime,
  lastWordStands,
  realTimeOrder,
  refusedRightly,
  neverMoreBack,
  salesAddUp,
  heldBySomebody,
  heldAsAsked,
  frozenForCause,
] as const;

/**
 * Replays what the tills were told against what the books say in the end. It knows the promises and nothing of how they
 * are kept: it imports no rule, no schema and no type of what it checks.
 */
export function check(history: History): Violation[] {
  return rules.flatMap((rule) => rule(history));
}

/**
 * The fewest orders, of those that have to do with it, by which this very promise is still broken; all of those where
 * the books break it by themselves, or somebody else than these rules found it.
 */
export function shortest(history: History, violation: Violation): readonly Order[] {
  const related = history.orders.filter((order) => hasToDo(order, violation, history));
  const rule = rules.find((each) => isBroken(each, history, violation));
  if (!rule || isBroken(rule, { ...history, orders: [] }, violation)) return related;
  let orders = isBroken(rule, { ...history, orders: related }, violation) ? related : [...history.orders];
  for (let size = Math.ceil(orders.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < orders.length;) {
      const fewer = orders.filter((_, i) => i < from || i >= from + size);
      if (isBroken(rule, { ...history, orders: fewer }, violation)) orders = fewer;
      else from += size;
    }
  }
  return orders;
}

type Rule = (typeof rules)[number];

function isBroken(by: Rule, history: History, { rule, subject }: Violation): boolean {
  return by(history).some((each) => each.rule === rule && each.subject === subject);
}

/** Those of the payments and sales that it names, or that the order which it names does. */
function hasToDo({ mark, reference, saleId, body }: Order, { subject }: Violation, { orders }: History): boolean {
  const named = orders.find((order) => order.mark === subject);
  const subjects = [subject, named?.reference, named?.saleId].filter((each) => typeof each === 'string');
  const shares = (body['payments'] ?? []) as readonly { reference: string }[];
  const own = [mark, reference, saleId, ...shares.map((share) => share.reference)];
  return subjects.some((each) => own.includes(each));
}
