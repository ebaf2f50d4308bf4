import { balanceOf, heldOf, type AccountPayment, type Movement, type Terms } from './payment.js';
import { instantOf, type Instant } from '../instants.js';
import { jsonBytes } from '../json.js';
import type { Command, Issue } from './command.js';
import type { RulesNumber } from './rules.js';
import type { CommandRecord, Details } from './state.js';

/** Decisions of one payment, oldest first, on their way to the books. */
export type Batch = { readonly terms: Terms; readonly records: readonly CommandRecord[] };

type Decided = {
  readonly rules: RulesNumber;
  /** The payment as it is after the command. */
  readonly payment: AccountPayment;
  readonly command: Command | Issue;
  readonly hash: string;
  readonly outcome: CommandRecord['outcome'];
  readonly at: string;
  readonly movement: Movement | null;
  readonly details: Details;
};

/** What Postgres is told of a command that has just been decided. */
export function recordOf({ rules, payment, command, hash, outcome, at, movement, details }: Decided): CommandRecord {
  const { commandId, kind, by, parent, requestHash, requestId } = command;
  const { standing, expiresAt, frozen, lastSequence, revision } = payment;
  const after = {
    status: standing.status,
    balanceMinor: balanceOf(payment),
    heldMinor: heldOf(payment),
    endedBalanceMinor: 'endedBalanceMinor' in standing ? standing.endedBalanceMinor : null,
    expiresAt,
    frozenCauses: frozen,
    lastSequence,
  };
  return {
    commandId,
    bodyHash: hash,
    ...(requestHash !== undefined && { requestHash }),
    ...(requestId !== undefined && { requestId }),
    kind,
    outcome,
    rules,
    revision,
    at,
    by,
    ...(parent && { parent }),
    movement,
    details,
    after,
  };
}

/** A workflow task of the server has 4 MiB, for what it decided and for what came meanwhile too. */
const MOST_AT_ONCE = { records: 200, bytes: 400_000 } as const;

/** The oldest records that travel to the books together. One by itself is never too large. */
export function nextBatch(outbox: readonly CommandRecord[]): readonly CommandRecord[] {
  let bytes = 0;
  const batch = outbox.slice(0, MOST_AT_ONCE.records);
  const tooMuch = batch.findIndex((record) => (bytes += jsonBytes(record)) > MOST_AT_ONCE.bytes);
  return tooMuch === -1 ? batch : batch.slice(0, Math.max(1, tooMuch));
}

/** A hold that its sale captures in a moment waits for that, so that both are recorded together: so long at most. */
const WAITS_FOR_CAPTURE_MS = 2_000;

/** Until when all that is decided and not yet recorded may wait; null when nothing waits, or something may not. */
export function waitsUntil(outbox: readonly CommandRecord[], nowMs: number): Instant | null {
  const [first] = outbox;
  if (!first || !outbox.every(isCapturedInAMoment)) return null;
  const untilMs = Date.parse(first.at) + WAITS_FOR_CAPTURE_MS;
  return untilMs > nowMs ? instantOf(untilMs) : null;
}

function isCapturedInAMoment({ kind, outcome, details }: CommandRecord): boolean {
  return kind === 'hold' && outcome === 'accepted' && details['followedBy'] === 'capture';
}

/**
 * What the command asked for. An extension tells which expiry it moves. The lines of a hold are its sale's: they would
 * stand here once for each payment that the sale draws on.
 */
export function detailsOf(before: AccountPayment, command: Command): Details {
  const { kind, commandId: _, by: __, parent: ___, requestHash: ____, requestId: _____, ...asked } = command;
  if (kind === 'extend') return { ...asked, expiresAtBefore: before.expiresAt };
  return kind === 'hold' ? { ...asked, lines: undefined } : asked;
}
