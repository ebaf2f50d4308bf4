import { grouped } from './grouped.js';
import { contentOf } from './answers.js';
import { heardOf, isDone } from './heard.js';
import type { Body, History, MovementRow, Order, PaymentRow, Standing, Violation } from './history.js';

const ENDS = ['expired', 'cancelled'];
const COMES_IN = ['issued', 'refunded'];

/** Each movement begins where the last one ended, and the payment is what the last one left. */
export function unbrokenChains({ books }: History): Violation[] {
  const movements = grouped(books.movements, ({ reference }) => reference);
  const commands = grouped(books.commands, ({ reference }) => reference);
  return books.payments.flatMap((payment) => {
    const { reference } = payment;
    const rows = movements.get(reference) ?? [];
    const decided = commands.get(reference) ?? [];
    const accepted = new Set(decided.filter(({ outcome }) => outcome === 'accepted').map(({ commandId }) => commandId));
    const faults = [
      ...rows.flatMap((row, i) => faultsOf(payment, row, rows[i - 1], i + 1)),
      ...rows.filter(({ commandId }) => !accepted.has(commandId)).map(({ sequence }) => `no command made ${sequence}`),
      ...decided.flatMap(({ revision }, i) => (revision === i + 1 ? [] : [`revision ${i + 1} is missing`])),
      ...(payment.balanceMinor === rows.at(-1)?.balanceAfterMinor
        ? []
        : ['its balance is not what its movements left']),
      ...(payment.lastSequence === rows.length ? [] : ['it counts other movements than there are']),
      ...(payment.revision === decided.length ? [] : ['its revision is not that of its last command']),
    ];
    return faults.slice(0, 1).map((sentence) => ({ rule: 'unbroken chains', subject: reference, sentence }));
  });
}

function faultsOf(payment: Standing, row: MovementRow, before: MovementRow | undefined, expected: number): string[] {
  const { sequence, kind, amountMinor, balanceBeforeMinor, balanceAfterMinor } = row;
  const isRight =
    sequence === expected &&
    balanceBeforeMinor === (before?.balanceAfterMinor ?? 0) &&
    balanceAfterMinor === balanceBeforeMinor + amountMinor &&
    balanceAfterMinor >= 0 &&
    balanceAfterMinor <= payment.amountMinor &&
    (kind === 'issued') === (expected === 1) &&
    COMES_IN.includes(kind) === amountMinor > 0 &&
    !ENDS.includes(before?.kind ?? '');
  return isRight ? [] : [`movement ${sequence} (${kind} ${amountMinor}) does not follow from the one before`];
}

/** The books and the payment itself say the same. */
export function booksEqualActors({ books }: History): Violation[] {
  const actors = new Map(books.actors.map((each) => [each.reference, each]));
  return books.payments.flatMap((row) => {
    const actor = actors.get(row.reference);
    const [ours, theirs] = [standingOf(row), actor && standingOf(actor)];
    if (ours === theirs) return [];
    return [{ rule: 'books equal actors', subject: row.reference, sentence: `books: ${ours}; itself: ${theirs}` }];
  });
}

function standingOf({ customerId, status, amountMinor, expiresAt, revision, ...more }: Standing): string {
  const { balanceMinor, heldMinor, endedBalanceMinor, frozenCauses } = more;
  const figures = [revision, status, amountMinor, balanceMinor, heldMinor, endedBalanceMinor ?? '-'];
  return [...figures, customerId, [...frozenCauses].sort().join('+'), expiresAt ?? '-'].join(' ');
}

/** What a till was told of a movement is what the books have of it. */
export function toldAsRecorded({ orders, books }: History): Violation[] {
  const rows = new Map(books.movements.map((row) => [`${row.reference} ${row.sequence}`, row]));
  return orders.filter(isDone).flatMap((order) => {
    const told = order.tries.find((each) => heardOf(order, each) === 'done')?.body;
    const moved = (told?.['usage'] ?? told?.['movement']) as Body | null | undefined;
    if (!moved || order.reference === null) return [];
    const row = rows.get(`${order.reference} ${String(moved['sequence'])}`);
    const sign = told?.['usage'] ? -1 : 1;
    const isSame =
      row?.commandId === moved['commandId'] &&
      row?.amountMinor === sign * Number(moved['amountMinor']) &&
      row.balanceBeforeMinor === moved['balanceBeforeMinor'] &&
      row.balanceAfterMinor === moved['balanceAfterMinor'];
    if (isSame) return [];
    const content = contentOf(
      order,
      order.tries.find((each) => heardOf(order, each) === 'done') as Order['tries'][number],
    );
    return [{ rule: 'told as recorded', subject: order.mark, sentence: `was told ${content}` }];
  });
}

/** Nothing came to the books that they had to contradict. */
export function noConflicts({ books }: History): Violation[] {
  // A gift that came at its last moment may end before it is thawed.
  const usual = ({ status }: PaymentRow) => (ENDS.includes(status) ? ['staff', 'gift'] : ['staff']);
  const frozen = books.payments.filter((row) => row.frozenCauses.some((cause) => !usual(row).includes(cause)));
  const subjects = new Set([...books.conflicts, ...frozen.map(({ reference }) => reference)]);
  return [...subjects].map((subject) => ({ rule: 'no conflicts', subject, sentence: 'is contradicted by the books' }));
}

/** What was closed is as it was closed. */
export function closesProve({ books }: History): Violation[] {
  return books.unproven.map((sentence) => ({ rule: 'closes prove', subject: 'closes', sentence }));
}

const LATE_MS = 30_000;

/** What is past its time has ended, unless something is held or nothing is left; and nothing ended before. */
export function endedInTime({ books }: History): Violation[] {
  const isLate = ({ status, heldMinor, expiresAt }: PaymentRow) =>
    status === 'active' && heldMinor === 0 && expiresAt !== null && Date.parse(expiresAt) + LATE_MS < books.readAtMs;
  const late = books.payments
    .filter(isLate)
    .map(({ reference }) => ({ reference, sentence: 'is past its time, and goes on' }));
  const expiries = new Map(books.payments.map(({ reference, expiresAt }) => [reference, expiresAt]));
  const early = books.movements
    .filter(({ kind, caller, reference, movedAt }) => {
      const expiresAt = expiries.get(reference) ?? null;
      return (
        kind === 'expired' && caller === 'clock' && (expiresAt === null || Date.parse(movedAt) < Date.parse(expiresAt))
      );
    })
    .map(({ reference }) => ({ reference, sentence: 'expired before its time' }));
  return [...late, ...early].map(({ reference, sentence }) => ({
    rule: 'ended in time',
    subject: reference,
    sentence,
  }));
}

/** What was frozen last is frozen, what was thawed last is not; and the expiry is what it was extended to last. */
export function lastWordStands({ orders, books }: History): Violation[] {
  const revisions = new Map(
    books.commands
      .filter(({ outcome }) => outcome === 'accepted')
      .map((row) => [`${row.reference} ${row.staffId}`, row.revision]),
  );
  const rows = new Map(books.payments.map((row) => [row.reference, row]));
  const unsaid: Violation[] = [];
  const last = new Map<string, { order: Order; revision: number }>();
  for (const order of orders.filter(isDone)) {
    const { call, reference, mark } = order;
    if (reference === null || (call !== 'freeze' && call !== 'thaw' && call !== 'extend')) continue;
    const revision = revisions.get(`${reference} ${mark}`);
    if (revision === undefined) {
      unsaid.push({
        rule: 'last word stands',
        subject: mark,
        sentence: `was done, and no command of ${reference} is it`,
      });
      continue;
    }
    const name = `${reference} ${call === 'extend' ? 'expiry' : 'freeze'}`;
    if (revision > (last.get(name)?.revision ?? 0)) last.set(name, { order, revision });
  }
  const forgotten = [...last.values()].filter(({ order }) => !stands(order, rows.get(order.reference ?? '')));
  return [
    ...unsaid,
    ...forgotten.map(({ order: { mark, call, reference } }) => ({
      rule: 'last word stands',
      subject: mark,
      sentence: `was the last ${call} of ${reference}, and it does not show`,
    })),
  ];
}

function stands({ call, body }: Order, row: PaymentRow | undefined): boolean {
  if (!row) return false;
  if (call === 'extend') return Date.parse(row.expiresAt ?? '') === Date.parse(String(body['expiresAt']));
  return row.frozenCauses.includes('staff') === (call === 'freeze');
}
