import { setTimeout } from 'node:timers/promises';
import { whileAway, within } from '../../db/outage.js';
import { answerFromRecords, type RecordedAnswer } from '../../db/payment/answer.js';
import { findCommand } from '../../db/payment/commands.js';
import { noteConflict } from '../../db/payment/ledgerConflicts.js';
import { toMovementRows, type MovementRow } from '../../db/payment/movements.js';
import { hasOpenDifference } from '../../db/reconciliation/differences.js';
import { rememberOutcome, type RequestKey } from '../../db/requestKeys.js';
import type { LawDecision } from '../../domain/law/decided.js';
import { actOf, warningsOf, type Warning } from '../../domain/law/decision.js';
import { messageOf, type Command, type Wish } from '../../domain/payment/command.js';
import { mayBeShown } from '../../domain/payment/disclosure.js';
import { isBehindBooks, type Delivery } from '../../domain/payment/handle.js';
import { withLastDay } from '../../domain/payment/validity.js';
import { addressOf } from '../../domain/payment/whose.js';
import { nobodysReference, readReference } from '../../domain/reference.js';
import { mayFreezeOrThaw } from '../../domain/roles.js';
import { inShop } from '../../domain/shop.js';
import { hadNoRoom, onceRecorded } from '../../workflows/payment/asking.js';
import type { Message } from '../../workflows/payment/messages.js';
import { sending } from '../afterSending.js';
import { byOf, commandIdOf, keyOf, type Asking } from '../asking.js';
import { judgeCommand, noted, warnedBefore } from '../law/judge.js';
import { refuseByLaw, wasBarred } from '../law/refuse.js';
import type { Parts } from '../parts.js';
import { refused, type PaymentShown, type Refused } from '../refused.js';
import { isRepeat } from '../requestKeys.js';
import { NO_ACTOR } from '../temporal.js';
import { startIfReserved } from './issue.js';
import { leave, type Sent } from './leave.js';

/** What became of a command to one payment. */
export type Commanded = Accepted | Sent | Refused | Forbidden | Unanswered;

export type Accepted = {
  readonly outcome: 'accepted';
  readonly delivery: Delivery;
  readonly movement: MovementRow | null;
  readonly payment: PaymentShown;
  readonly recorded: boolean;
  /** What a law has to say of it. */
  readonly warnings: readonly Warning[];
};
export type Forbidden = { readonly outcome: 'forbidden' };
/** Nobody is there who could decide it. */
export type Unanswered = {
  readonly outcome: 'unanswered';
  readonly code: 'payment_not_found' | 'actor_missing' | 'answer_in_books';
};

const PATIENCE_MS = 2_000;

/**
 * Sends one command to one payment, once however often it is asked to.
 * @param typed the payment's reference, in any form in which people type it
 * @throws ActorsUnavailable, OutcomeUnknown, RecordsUnavailable: to be asked again under the same key
 */
export async function commandPayment(
  parts: Parts,
  asking: Asking,
  typed: string,
  wish: Wish<Command>,
): Promise<Commanded> {
  const named = readReference(typed);
  if (named === undefined) return { outcome: 'unanswered', code: 'payment_not_found' };
  if ((wish.kind === 'freeze' || wish.kind === 'thaw') && !mayFreezeOrThaw(asking.who.role, wish.cause))
    return { outcome: 'forbidden' };
  const sent = { references: [named], commands: 1 };
  if (parts.callerLimit.count(asking.who, sent) === 'full' && !(await isRepeat(parts.sql, asking)))
    return refused(parts, 'try_later');
  const [commandId, { requestId, requestHash }] = [commandIdOf(asking), asking];
  const registered = await parts.requestKeys(keyOf(asking, named), actOf(wish) ? 'patiently' : 'briefly');
  if ((await isDisputed(parts, named, wish)) && !(await isDecided(parts, named, commandId)))
    return refused(parts, 'books_differ');
  const reference = registered.standing === 'unknown' ? named : addressOf(named, registered, wish);
  if (registered.standing === 'another' && !(await isDecided(parts, reference, commandId)))
    return refused(parts, 'command_id_reused');
  const books = registered.standing === 'unknown' ? 'away' : 'there';
  const judged = await judgeCommand(parts, asking, reference, wish, books);
  const isBarred = judged.outcome === 'refused' || wasBarred(registered);
  // What was decided once is answered, whatever the law has become since.
  if (isBarred && !(await isDecided(parts, reference, commandId)))
    return refuseByLaw(parts, keyOf(asking, reference), registered, judged);
  const beside = noted(judged);
  const sender = { commandId, by: byOf(asking.who), requestHash, ...(requestId !== commandId && { requestId }) };
  const command = { ...inShop(wish, asking.who.shop), ...beside, ...sender };
  const known = registered.standing === 'unknown' ? null : registered.revision;
  const message = { ...messageOf(command), ...(known !== null && { known }) };
  const left = await leave(parts, asking, { reference, wish, message, standing: registered.standing });
  if (left !== NO_ACTOR) return left;
  const told = await decided(parts, reference, command, message);
  if (isNotThere(told)) parts.callerLimit.forget(asking.who, sent);
  if (told === 'try_later') return refused(parts, told);
  if (typeof told === 'string') return { outcome: 'unanswered', code: told };
  return shown(parts, asking, { reference, wish, ...beside }, told);
}

/** What was decided, as this caller may see it. */
async function shown(
  parts: Parts,
  asking: Asking,
  { reference, wish, law }: { reference: string; wish: Wish<Command>; law?: LawDecision },
  told: RecordedAnswer,
): Promise<Accepted | Refused> {
  const [commandId, { who, waitMs }] = [commandIdOf(asking), asking];
  const payment = withLastDay(told.payment, who.shop);
  if (told.outcome === 'refused') {
    const { delivery, code, figures } = told;
    return refused(parts, code, { delivery, shown: mayBeShown(code) ? { payment, ...figures } : {} });
  }
  const { delivery, movement } = told;
  const recorded = await parts.untilRecorded({ reference, commandId }, waitMs);
  const before = actOf(wish) && delivery === 'replayed' ? await warnedBefore(parts, reference, commandId) : undefined;
  return { outcome: 'accepted', delivery, movement, payment, recorded, warnings: before ?? warningsOf(law?.rules) };
}

/** What a comparison with the books has stopped goes on when they agree: the next comparison says so. */
async function isDisputed({ sql }: Parts, reference: string, wish: Wish<Command>): Promise<boolean> {
  if (wish.kind !== 'thaw' || wish.cause !== 'reconciliation') return false;
  return within(PATIENCE_MS, hasOpenDifference(sql, reference));
}

/**
 * The registry of keys never overrules a decision: what the payment or the books know of this id counts.
 * @throws ActorsUnavailable, RecordsUnavailable: one that does not answer may know of it
 */
async function isDecided({ actors, sql }: Parts, reference: string, commandId: string): Promise<boolean> {
  const remembered = await actors.remembered(reference, commandId);
  if (remembered !== NO_ACTOR && remembered.outcome !== 'unknown') return true;
  return (await within(PATIENCE_MS, findCommand(sql, reference, commandId))) !== undefined;
}

type Told = RecordedAnswer | Unanswered['code'] | 'try_later';

/** Or is another's, which remembers nothing of it. */
function isNotThere(told: Told): boolean {
  const code = typeof told !== 'string' && told.outcome === 'refused' ? told.code : told;
  return code === 'payment_not_found';
}

/** What the payment decides. One that was reserved and never started is started by whoever asks it for something. */
async function decided(parts: Parts, reference: string, command: Command, message: Message): Promise<Told> {
  const told = await asked(parts, reference, command, message);
  if (told !== 'payment_not_found' || (await startIfReserved(parts, reference)) === 'unknown') return told;
  const again = await asked(parts, reference, command, message);
  return again === 'payment_not_found' ? missing(parts, reference) : again;
}

async function asked(parts: Parts, reference: string, command: Command, message: Message): Promise<Told> {
  const answer = await onceRecorded(() => parts.actors.command(reference, command.kind, message).catch(ifFull), {
    patienceMs: PATIENCE_MS,
    pause: setTimeout,
  });
  if (answer === 'try_later') return answer;
  if (answer === NO_ACTOR) return fromRecords(parts, reference, command);
  // It froze for that, which no record of it says: people find it among what waits for them.
  if (isBehindBooks(answer, message.known))
    await within(PATIENCE_MS, noteConflict(parts.sql, reference)).catch(() => undefined);
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
      // Without the books nobody is told that one is not there, so nobody is told that one is another's.
      if (answer.code === 'payment_not_found') await fromRecords(parts, nobodysReference(reference), command);
      return { ...answer, outcome: 'refused', delivery: 'first' };
  }
}

function ifFull(error: unknown): 'try_later' {
  if (hadNoRoom(error)) return 'try_later';
  throw error;
}

/** An old command, of which the actor knows only that it was decided. */
function fromBooks(parts: Parts, reference: string, command: Command): Promise<Told> {
  const asked = answerFromRecords(parts.sql, reference, command, parts.now());
  return within(PATIENCE_MS, asked).catch(whileAway('answer_in_books'));
}

async function fromRecords(parts: Parts, reference: string, command: Command): Promise<Told> {
  const { sql, now } = parts;
  const answer = await within(PATIENCE_MS, answerFromRecords(sql, reference, command, now()));
  if (answer === 'actor_missing') return missing(parts, reference);
  const isNew = typeof answer !== 'string' && answer.outcome === 'refused' && answer.delivery === 'first';
  if (!isNew || answer.code === 'command_id_reused') return answer;
  const key = keyOfCommand(reference, command);
  return { ...answer, ...(await sending(within(PATIENCE_MS, rememberOutcome(sql, key, answer.code)))) };
}

/** Somebody terminated it. */
function missing({ metrics, log }: Parts, reference: string): 'actor_missing' {
  metrics.actorsMissing.inc();
  log.error({ reference }, 'active in the records, and its workflow is missing');
  return 'actor_missing';
}

/** The key of a request that a command stands for: their ids are the same. */
function keyOfCommand(reference: string, { commandId, by, requestHash = '' }: Command): RequestKey {
  return { requestId: commandId, caller: by.caller, requestHash, reference };
}
