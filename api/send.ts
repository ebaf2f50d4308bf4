import type { Context } from 'hono';
import { findAccountPayment } from '../db/accountPayments.js';
import { findCommand } from '../db/commands.js';
import { findMovementOf, toMovementRows, type MovementRow } from '../db/movements.js';
import { within } from '../db/outage.js';
import { isOver, type AccountPaymentView } from '../domain/accountPayment.js';
import { bodyHash, type Command } from '../domain/command.js';
import { fromView, refusalOnceOver } from '../domain/ended.js';
import type { Delivery } from '../domain/handle.js';
import { isReference } from '../domain/reference.js';
import type { RefusalCode } from '../domain/refusals.js';
import type { Variables } from './access.js';
import { NO_ACTOR } from './actors.js';
import type { Parts } from './app.js';
import { commandIdOf, preferencesOf } from './idempotency.js';
import { problem } from './problems.js';

export type Accepted = { movement: MovementRow | null; payment: AccountPaymentView; recorded: boolean };

type Body<Kind extends Command> = Omit<Kind, 'kind' | 'commandId' | 'by'>;
type Outcome =
  | ({ outcome: 'accepted'; delivery: Delivery; revision: number } & Omit<Accepted, 'recorded'>)
  | { outcome: 'refused'; delivery: Delivery; code: RefusalCode; payment: AccountPaymentView };

const PATIENCE_MS = 2_000;

/**
 * Sends one command to one payment, once however often it is asked to, and answers with what `show` makes of an
 * acceptance, or with the refusal.
 */
export async function send<Kind extends Command>(
  c: Context<Variables>,
  parts: Parts,
  { kind, body, staffId }: { kind: Kind['kind']; body: Body<Kind>; staffId: string | undefined },
  show: (accepted: Accepted) => object,
): Promise<Response> {
  const commandId = commandIdOf(c);
  if (commandId === undefined) return problem(c, 'idempotency_key_required');
  const reference = c.req.param('reference') ?? '';
  if (!isReference(reference)) return problem(c, 'payment_not_found');
  const by = { caller: c.get('caller').name, ...(staffId !== undefined && { staffId }) };
  const command = { kind, commandId, by, ...body } as unknown as Command;
  const preferences = preferencesOf(c);

  if (preferences.async === 'respond-async' && (kind === 'apply' || kind === 'refund')) {
    const sent = await parts.actors.signal(reference, kind, messageOf(command));
    if (sent !== NO_ACTOR) return sentAway(c, reference, commandId);
  }
  const outcome = await decided(parts, reference, command);
  if (typeof outcome === 'string') return problem(c, outcome);
  if (outcome.delivery === 'replayed') c.header('Idempotent-Replayed', 'true');
  if (outcome.outcome === 'refused') return refused(c, parts, outcome);
  const { movement, payment, revision } = outcome;
  const recorded = await parts.untilRecorded(reference, revision, preferences.waitMs);
  return c.json(show({ movement, payment, recorded }), 200);
}

/** Given before it is clear that the payment is the customer's: whoever names the wrong one is told nothing about it. */
const REVEALS_NOTHING: ReadonlySet<RefusalCode> = new Set(['payment_not_found', 'command_id_reused']);

function refused(c: Context, parts: Parts, { code, payment }: { code: RefusalCode; payment: AccountPaymentView }): Response {
  parts.metrics.refusals.inc({ code });
  return problem(c, code, REVEALS_NOTHING.has(code) ? {} : { payment });
}

function sentAway(c: Context, reference: string, commandId: string): Response {
  c.header('Location', `/v1/account-payments/${reference}/commands/${commandId}`);
  c.header('Preference-Applied', 'respond-async');
  return c.json({ commandId, status: 'sent' }, 202);
}

async function decided(parts: Parts, reference: string, command: Command): Promise<Outcome | 'actor_missing' | 'payment_not_found'> {
  const answer = await parts.actors.command(reference, command.kind, messageOf(command));
  if (answer === NO_ACTOR) return fromRecords(parts, reference, command);
  switch (answer.outcome) {
    case 'accepted': {
      const { delivery, revision, payment, movement, at } = answer;
      const [row = null] = toMovementRows({ ...command, movement, at });
      return { outcome: 'accepted', delivery, revision, payment, movement: row };
    }
    case 'refused':
      return answer;
    case 'turned_away':
      return { ...answer, outcome: 'refused', delivery: 'first' };
  }
}

/** Answers for an actor that is not there: what it said before it ended, or what its end means for a new command. */
async function fromRecords(parts: Parts, reference: string, command: Command): Promise<Outcome | 'actor_missing' | 'payment_not_found'> {
  const { sql, now } = parts;
  const row = await within(PATIENCE_MS, findAccountPayment(sql, reference));
  if (!row) return 'payment_not_found';
  const { notes: _, ...payment } = row;
  const stored = await within(PATIENCE_MS, findCommand(sql, reference, command.commandId));
  if (stored) {
    if (stored.bodyHash !== bodyHash(command)) return { outcome: 'refused', delivery: 'first', code: 'command_id_reused', payment };
    if (stored.outcome !== 'accepted') return { outcome: 'refused', delivery: 'replayed', code: stored.outcome, payment };
    const movement = (await within(PATIENCE_MS, findMovementOf(sql, reference, command.commandId))) ?? null;
    return { outcome: 'accepted', delivery: 'replayed', revision: stored.revision, movement, payment };
  }
  if (isOver(fromView(payment), now())) {
    return { outcome: 'refused', delivery: 'first', code: refusalOnceOver(payment, command, now()), payment };
  }
  parts.metrics.actorsMissing.inc();
  parts.log.error({ reference }, 'active in the records, and its workflow is missing');
  return 'actor_missing';
}

/** A command as its message: the kind is the message's name, and whoever asks needs no other cause. */
function messageOf(command: Command) {
  const { kind: _, ...message } = command;
  if (!('cause' in message)) return message;
  const { cause: __, ...asked } = message;
  return asked;
}

/** With the signs of a sale: what was spent is positive, what came back is negative. */
export function showUsage({ movement, ...rest }: Accepted): object {
  if (!movement) return { usage: null, ...rest };
  const kind = movement.kind === 'applied' ? 'apply' : 'refund';
  return { usage: { ...movement, kind, amountMinor: -movement.amountMinor }, ...rest };
}
