import { grouped } from './grouped.js';
import type { CommandRow, History, PaymentRow, Violation } from './history.js';

/** What spends anew. A hold that only takes another size may shrink whatever stands in the way. */
const SPENDS = ['apply', 'payOut', 'hold'];

/** A payment is frozen for what its commands say, and nothing else; nothing is spent of it as long, and only then. */
export function frozenForCause(history: History): Violation[] {
  const commands = grouped(history.books.commands, ({ reference }) => reference);
  const atFirst = causesAtFirst(history);
  return history.books.payments.flatMap((payment) => {
    const { reference } = payment;
    const faults = faultsOf(payment, commands.get(reference) ?? [], named(atFirst(reference)));
    return faults.slice(0, 1).map((sentence) => ({ rule: 'frozen for cause', subject: reference, sentence }));
  });
}

function faultsOf({ frozenCauses }: PaymentRow, commands: readonly CommandRow[], atFirst: string): string[] {
  const causes = new Set<string>();
  const faults: string[] = [];
  for (const { kind, outcome, cause, frozen, holdId, revision } of commands) {
    const isAccepted = outcome === 'accepted';
    if (kind === 'issue') for (const each of frozen) causes.add(each);
    if (kind === 'issue' && named(causes) !== atFirst) faults.push(`began ${named(causes)}, not ${atFirst}`);
    if (isAccepted && SPENDS.includes(kind) && holdId === null && causes.size > 0)
      faults.push(`was ${named(causes)} at ${revision}, and accepted ${kind}`);
    if (outcome === 'payment_frozen' && causes.size === 0)
      faults.push(`was free at ${revision}, and refused ${kind} as frozen`);
    if (isAccepted && kind === 'freeze' && cause !== null) causes.add(cause);
    if (isAccepted && kind === 'thaw' && cause !== null) causes.delete(cause);
  }
  const isSaid = named(frozenCauses) === named(causes);
  return isSaid ? faults : [...faults, `is ${named(frozenCauses)}; its commands leave it ${named(causes)}`];
}

/** A gift begins frozen until it is paid for, what takes an ended payment's place as that one was; all else free. */
function causesAtFirst({ orders, books }: History): (reference: string) => readonly string[] {
  const calls = new Map(orders.map(({ mark, call }) => [mark, call]));
  const payments = new Map(books.payments.map((row) => [row.reference, row]));
  const issues = new Map(books.movements.filter(({ kind }) => kind === 'issued').map((row) => [row.reference, row]));
  return (reference) => {
    const { staffId, counterpart } = issues.get(reference) ?? {};
    const call = calls.get(staffId ?? '');
    if (call === 'gift') return ['gift'];
    return call === 'return' ? (payments.get(counterpart ?? '')?.frozenCauses ?? []) : [];
  };
}

function named(causes: Iterable<string>): string {
  const all = [...causes].sort();
  return all.length === 0 ? 'free' : `frozen for ${all.join(' and ')}`;
}
