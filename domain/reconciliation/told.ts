import { balanceOf, heldOf } from '../payment/payment.js';
import type { CommandRecord, PlainState } from '../payment/state.js';

/** What became of a payment's workflow: it is open, has ended as it should, or somebody ended it. */
export type Ending = 'open' | 'completed' | 'gone';

/**
 * What a payment's last run tells: where it began, and all that it brought the books since. A run that did not begin
 * with the issue goes on from a state.
 */
export type Told = {
  readonly ending: Ending;
  readonly base: PlainState | null;
  /** Without a gap, oldest first: what waited when the run began, and what was decided since and is on its way. */
  readonly records: readonly CommandRecord[];
  /** Up to here the books have said that they have it. */
  readonly confirmedRevision: number;
};

/** What a run's history holds of it: its beginning, and the batches that it brought, with what the books said. */
export type Run = {
  readonly ending: Ending;
  readonly base: PlainState | null;
  readonly batches: readonly { readonly records: readonly CommandRecord[]; readonly isRecorded: boolean }[];
};

/** A batch is brought again until the books have it, so one record can stand in several. */
export function toldBy({ ending, base, batches }: Run): Told {
  const byRevision = new Map<number, CommandRecord>();
  const brought = [base?.outbox ?? [], ...batches.map(({ records }) => records)].flat();
  for (const record of brought) byRevision.set(record.revision, record);
  const confirmed = batches.filter(({ isRecorded }) => isRecorded).flatMap(({ records }) => records);
  return {
    ending,
    base,
    records: [...byRevision.values()].sort((one, other) => one.revision - other.revision),
    confirmedRevision: confirmed.reduce((most, { revision }) => Math.max(most, revision), confirmedBefore(base)),
  };
}

function confirmedBefore(base: PlainState | null): number {
  if (!base || base.books === 'unconfirmed') return 0;
  const [first] = base.outbox;
  return first ? first.revision - 1 : base.payment.revision;
}

export function lastRevision({ base, records }: Told): number {
  return Math.max(base?.payment.revision ?? 0, records.at(-1)?.revision ?? 0);
}

type After = CommandRecord['after'];

/** What the payment was after this revision; undefined of one before what the run knows. */
export function stateAfter({ base, records }: Told, revision: number): After | undefined {
  const record = records.find((each) => each.revision === revision);
  if (record) return record.after;
  return base && base.payment.revision === revision ? standingOf(base) : undefined;
}

function standingOf({ payment }: PlainState): After {
  const { standing, expiresAt, frozen, lastSequence } = payment;
  return {
    status: standing.status,
    balanceMinor: balanceOf(payment),
    heldMinor: heldOf(payment),
    endedBalanceMinor: 'endedBalanceMinor' in standing ? standing.endedBalanceMinor : null,
    expiresAt,
    // It freezes for a conflict by itself, and the books hear of that with its next command only.
    frozenCauses: frozen.filter((cause) => cause !== 'conflict'),
    lastSequence,
  };
}
