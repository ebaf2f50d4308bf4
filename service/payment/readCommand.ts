import { isRecordsOutage, within } from '../../db/outage.js';
import { findCommand } from '../../db/payment/commands.js';
import { findMovementOf, type MovementRow } from '../../db/payment/movements.js';
import { findOutcome } from '../../db/requestKeys.js';
import type { Instant } from '../../domain/instants.js';
import { readReference } from '../../domain/reference.js';
import type { RefusalCode } from '../../domain/refusals.js';
import type { Parts } from '../parts.js';
import { ActorsUnavailable, NO_ACTOR } from '../temporal.js';

/** What became of a command. */
export type CommandRead = {
  readonly commandId: string;
  readonly outcome: 'accepted' | 'refused';
  readonly code: RefusalCode | null;
  /** None when it came after the end: nothing counts it then. */
  readonly revision: number | null;
  readonly decidedAt: Instant;
  readonly movement: MovementRow | null;
  readonly recorded: boolean;
};

const PATIENCE_MS = 2_000;

export async function readCommand(
  parts: Parts,
  typed: string,
  commandId: string,
): Promise<CommandRead | 'payment_not_found' | 'command_not_found' | 'records_unavailable'> {
  const reference = readReference(typed);
  if (reference === undefined) return 'payment_not_found';
  const recorded = await fromRecords(parts, reference, commandId);
  if (recorded && recorded !== 'unreachable') return recorded;
  const remembered = await fromActor(parts, reference, commandId);
  return remembered ?? (recorded === 'unreachable' ? 'records_unavailable' : 'command_not_found');
}

async function fromRecords(
  { sql }: Parts,
  reference: string,
  commandId: string,
): Promise<CommandRead | undefined | 'unreachable'> {
  try {
    const command = await within(PATIENCE_MS, findCommand(sql, reference, commandId));
    if (!command) return toldAfterEnd(await within(PATIENCE_MS, findOutcome(sql, reference, commandId)), commandId);
    const movement = await within(PATIENCE_MS, findMovementOf(sql, reference, commandId));
    const { revision, decidedAt, outcome } = command;
    const told = outcome === 'accepted' ? { outcome, code: null } : { outcome: 'refused' as const, code: outcome };
    return { commandId, ...told, revision, decidedAt, movement: movement ?? null, recorded: true };
  } catch (error) {
    if (isRecordsOutage(error)) return 'unreachable';
    throw error;
  }
}

/** Refused after the payment's end: no revision counts it. */
function toldAfterEnd(found: Awaited<ReturnType<typeof findOutcome>>, commandId: string): CommandRead | undefined {
  if (!found) return undefined;
  const { code, registeredAt: decidedAt } = found;
  return { commandId, outcome: 'refused', code, revision: null, decidedAt, movement: null, recorded: true };
}

/** What the records do not have yet, the actor does; its movement follows with the record. */
async function fromActor({ actors }: Parts, reference: string, commandId: string): Promise<CommandRead | undefined> {
  try {
    const known = await actors.remembered(reference, commandId);
    if (known === NO_ACTOR || known.outcome === 'unknown') return undefined;
    const { outcome, revision, at: decidedAt } = known;
    const code = 'code' in known ? known.code : null;
    return { commandId, outcome, code, revision, decidedAt, movement: null, recorded: false };
  } catch (error) {
    if (error instanceof ActorsUnavailable) return undefined;
    throw error;
  }
}
