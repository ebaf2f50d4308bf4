import { setTimeout } from 'node:timers/promises';
import type { Context } from 'hono';
import { answerFromRecords, type RecordedAnswer } from '../../db/payment/answer.js';
import { toMovementRows, type MovementRow } from '../../db/payment/movements.js';
import { findCommand } from '../../db/payment/commands.js';
import { findOutcome, rememberOutcome } from '../../db/requestKeys.js';
import { isRecordsOutage, within } from '../../db/outage.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import { messageOf, type Command } from '../../domain/payment/command.js';
import type { Message } from '../../workflows/payment/messages.js';
import { readReference } from '../../domain/reference.js';
import type { Figures } from '../../domain/payment/figures.js';
import type { RefusalCode } from '../../domain/refusals.js';
import type { Variables } from '../http/access.js';
import type { Answer } from '../../domain/payment/handle.js';
import { NO_ACTOR, type NoActor } from '../../service/temporal.js';
import { shown } from './show.js';
import type { Parts } from '../http/calls.js';
import { keyedRequestOf, preferencesOf } from '../http/idempotency.js';
import { problem } from '../http/problems.js';

export type Accepted = {
  movement: MovementRow | null;
  payment: AccountPaymentView & { validThrough: string | null };
  recorded: boolean;
};

type Body<Kind extends Command> = Omit<Kind, 'kind' | 'commandId' | 'by'>;

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
  const request = await keyedRequestOf(c);
  if (request === undefined) return problem(c, 'idempotency_key_required');
  const { requestId: commandId, requestHash } = request;
  const reference = readReference(c.req.param('reference') ?? '');
  if (reference === undefined) return problem(c, 'payment_not_found');
  const by = { caller: c.get('caller').name, ...(staffId !== undefined && { staffId }) };
  const registered = await parts.requestKeys({ ...request, caller: by.caller, reference });
  if (registered.standing === 'another' && !(await isDecided(parts, reference, commandId)))
    return refused(c, parts, { code: 'command_id_reused' });
  const command = { kind, commandId, by, requestHash, ...body } as unknown as Command;
  const known = registered.standing === 'unknown' ? null : registered.revision;
  const message = { ...messageOf(command), ...(known !== null && { known }) };
  const preferences = preferencesOf(c);

  // A key that is known for something else is answered at once: a signal would be dropped without a word.
  const isOurs = registered.standing !== 'another';
  if (isOurs && preferences.async === 'respond-async' && (kind === 'apply' || kind === 'refund')) {
    const sent = await parts.actors.signal(reference, kind, message);
    if (sent !== NO_ACTOR) return sentAway(c, reference, commandId);
  }
  const outcome = await decided(parts, reference, command, message);
  if (typeof outcome === 'string') return problem(c, outcome);
  if (outcome.delivery === 'replayed') c.header('Idempotent-Replayed', 'true');
  if (outcome.outcome === 'refused') return refused(c, parts, outcome);
  const { movement, payment } = outcome;
  const recorded = await parts.untilRecorded({ reference, commandId }, preferences.waitMs);
  return c.json(show({ movement, payment: shown(payment, parts), recorded }), 200);
}

/** Given before it is clear that the payment is the customer's: whoever names the wrong one is told nothing about it. */
const REVEALS_NOTHING: ReadonlySet<RefusalCode> = new Set(['payment_not_found', 'command_id_reused']);

function refused(
  c: Context,
  parts: Parts,
  { code, payment, figures }: { code: RefusalCode; payment?: AccountPaymentView; figures?: Figures },
): Response {
  parts.metrics.refusals.inc({ code });
  return problem(
    c,
    code,
    REVEALS_NOTHING.has(code) ? {} : { ...(payment && { payment: shown(payment, parts) }), ...figures },
  );
}

function sentAway(c: Context, reference: string, commandId: string): Response {
  c.header('Location', `/v1/account-payments/${reference}/commands/${commandId}`);
  c.header('Preference-Applied', 'respond-async');
  return c.json({ commandId, status: 'sent' }, 202);
}

/** The registry never overrules a decision: what the payment or the books know of this id is what is told. */
async function isDecided({ actors, sql }: Parts, reference: string, commandId: string): Promise<boolean> {
  const remembered = await actors.remembered(reference, commandId).catch((): NoActor => NO_ACTOR);
  if (remembered !== NO_ACTOR && remembered.outcome !== 'unknown') return true;
  return (await within(PATIENCE_MS, findCommand(sql, reference, commandId))) !== undefined;
}

type Told = RecordedAnswer | 'actor_missing' | 'payment_not_found' | 'answer_in_books';

async function decided(parts: Parts, reference: string, command: Command, message: Message): Promise<Told> {
  const answer = await onceRecorded(() => parts.actors.command(reference, command.kind, message));
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
      if (answer.code === 'answer_in_books') return fromBooks(parts, reference, command);
      return { ...answer, outcome: 'refused', delivery: 'first' };
  }
}

/** An issue that was not waited for is in the books a moment later; only then the payment takes commands. */
async function onceRecorded(ask: () => Promise<Answer | NoActor>): Promise<Answer | NoActor> {
  for (const giveUpAt = Date.now() + PATIENCE_MS; ;) {
    const answer = await ask();
    if (answer === NO_ACTOR || !('code' in answer) || answer.code !== 'issue_not_recorded') return answer;
    if (Date.now() > giveUpAt) return answer;
    await setTimeout(20);
  }
}

/** An old command, of which the actor knows only that it was decided. */
async function fromBooks(parts: Parts, reference: string, command: Command): Promise<Told> {
  try {
    return await within(PATIENCE_MS, answerFromRecords(parts.sql, reference, command, parts.now()));
  } catch (error) {
    if (isRecordsOutage(error)) return 'answer_in_books';
    throw error;
  }
}

async function fromRecords(parts: Parts, reference: string, command: Command): Promise<Told> {
  const { sql, now } = parts;
  const before = await within(PATIENCE_MS, findOutcome(sql, reference, command.commandId));
  const answer = await within(PATIENCE_MS, answerFromRecords(sql, reference, command, now()));
  if (typeof answer !== 'string' && answer.outcome === 'refused' && answer.delivery === 'first') {
    if (before) return { ...answer, delivery: 'replayed', code: before.code };
    await within(PATIENCE_MS, rememberOutcome(sql, command.commandId, answer.code));
  }
  if (answer !== 'actor_missing') return answer;
  parts.metrics.actorsMissing.inc();
  parts.log.error({ reference }, 'active in the records, and its workflow is missing');
  return answer;
}

/** With the signs of a sale: what was spent is positive, what came back is negative. */
export function showUsage({ movement, ...rest }: Accepted): object {
  if (!movement) return { usage: null, ...rest };
  const { counterpart: _, tender: __, ...usage } = movement;
  const kind = movement.kind === 'applied' ? 'apply' : 'refund';
  return { usage: { ...usage, kind, amountMinor: -movement.amountMinor }, ...rest };
}
