import { metricMeter, sleep } from '@temporalio/activity';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { answerFromRecords, type RecordedAnswer } from '../../db/payment/answer.js';
import { findCommand } from '../../db/payment/commands.js';
import { findReservationOf } from '../../db/payment/issueReservations.js';
import { findKnown } from '../../db/payment/accountPayments.js';
import { noteConflict } from '../../db/payment/ledgerConflicts.js';
import type { Sql } from '../../db/connect.js';
import { describeFailure, whileAway } from '../../db/outage.js';
import type { Slots } from '../../db/slots.js';
import { inheritedFrom, type AccountPaymentView } from '../../domain/payment/payment.js';
import { messageOf, scopeOf, type Command, type CommandKind, type Line } from '../../domain/payment/command.js';
import { isBehindBooks, type Answer } from '../../domain/payment/handle.js';
import { addressOf, type KnownToBooks } from '../../domain/payment/whose.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { isOptional, isWithdrawal, isWithdrawn, type Asked, type PaymentAnswer } from '../../domain/sale/answers.js';
import { hadNoRoom, onceRecorded } from '../../workflows/payment/asking.js';
import { startReserved } from './issue.js';

/** Less than an activity's time, so that what is heard of a silent actor is its own failure. */
const PATIENCE_MS = 8_000;
/** For what the books say of a payment whose actor is not there. */
const BOOKS_PATIENCE_MS = 1_000;
const KNOWN_PATIENCE_MS = 250;

/** Why a payment did not answer, in words for operators: to be asked again. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
}

/**
 * Sends each payment its command, side by side, and tells what they decided, in the same order. Safe to repeat: the
 * commands have their ids.
 * @param lines of the basket: every hold and apply gets them, and they travel once. Holds without them only shrink, and
 *   are tried until they do
 * @param isGivenUp whether a payment whose workflow is not there, as its records say that it should be, is refused by
 *   now
 * @throws NotAnswered naming one that did not answer; the others have been asked
 */
export async function commandPayments(
  { isGivenUp, ...ways }: Ways & { isGivenUp: (reference: string) => boolean },
  asked: readonly Asked[],
  lines?: readonly Line[],
): Promise<PaymentAnswer[]> {
  const known = await knownOf(ways, asked);
  const results = await Promise.allSettled(
    asked.map(async ({ reference, command }) => {
      const asking = command.kind === 'hold' || command.kind === 'apply' ? { ...command, lines } : command;
      const answer = await tell(ways, reference, asking, known.get(reference));
      if (answer !== 'actor_missing') return answer;
      if (isGivenUp(reference)) return refused(reference, 'payment_unavailable');
      throw new NotAnswered('its workflow is missing');
    }),
  );
  return results.map((result, i) => {
    if (result.status === 'fulfilled') return result.value;
    const why: unknown = result.reason;
    throw new NotAnswered(`${asked[i]?.reference}: ${why instanceof NotAnswered ? why.message : describeFailure(why)}`);
  });
}

type Ways = {
  client: Client;
  sql: Sql;
  asking: Slots;
  /** For what can be done without. */
  askingSoon: Slots;
  taskQueue: string;
};

async function tell(
  ways: Ways,
  reference: string,
  command: Command,
  known: KnownToBooks | undefined,
): Promise<PaymentAnswer | 'actor_missing'> {
  const { client } = ways;
  const revision = known?.revision ?? undefined;
  const message = { ...messageOf(command), ...(revision !== undefined && { known: revision }) };
  const addressed = known ? addressOf(reference, known, command) : reference;
  const ask = () =>
    onceRecorded(() => fromActor(client, addressed, command.kind, message), {
      patienceMs: PATIENCE_MS / 2,
      pause: sleep,
    });
  const told = await ask();
  if (told === 'no_room') return busy(reference, command);
  if (told && isBehindBooks(told, revision)) await noted(ways, reference);
  const isToldByBooks = !told || (told.outcome === 'turned_away' && told.code === 'answer_in_books');
  const answer = isToldByBooks ? await withoutActor(ways, addressed, command, ask) : told;
  if (answer === 'actor_missing') return answer;
  if (answer === 'payment_not_found') return refused(reference, answer);
  if (answer.outcome === 'accepted') {
    return {
      reference,
      outcome: 'accepted',
      revision: answer.revision,
      hold: 'hold' in answer ? answer.hold : command.kind === 'hold' ? 'gone' : null,
      scope: scopeOf(answer.payment.type, answer.payment.productId),
      inherited: inheritedFrom(answer.payment),
      expiresAt: answer.payment.expiresAt,
      sale: 'sale' in answer ? answer.sale : null,
    };
  }
  if (answer.code === 'issue_not_recorded') throw new NotAnswered('its issue is not recorded yet');
  if (answer.code === 'try_later') return busy(reference, command, answer.payment);
  if (answer.code === 'command_id_reused' && !isWithdrawal(command)) await countReused(ways, reference, command);
  return {
    ...refused(reference, answer.code, answer.payment),
    ...answer.figures,
    ...('sale' in answer && isOfItsCurrency(command, answer.payment) && { sale: answer.sale }),
  };
}

/** What a payment gave in another currency is in no figure of this basket. */
function isOfItsCurrency(command: Command, { currency }: AccountPaymentView): boolean {
  return !('currency' in command) || command.currency === currency;
}

/** @throws NotAnswered: what has to be answered is asked again */
function busy(reference: string, command: Command, payment?: AccountPaymentView): Refusal {
  if (!isOptional(command)) throw new NotAnswered('it has no room to answer');
  return refused(reference, 'payment_busy', payment);
}

/** An id that was withdrawn is used for something else on purpose; and of what is not in the books nobody can tell. */
async function countReused({ sql, askingSoon }: Ways, reference: string, { commandId }: Command): Promise<void> {
  const first = await askingSoon(KNOWN_PATIENCE_MS, () => findCommand(sql, reference, commandId)).catch(
    () => undefined,
  );
  if (first && !isWithdrawn(first))
    metricMeter.createCounter('derived_ids_reused', 'Derived ids that were used for something else: a bug').add(1);
}

/** For people to find: what it froze for no record of it says. */
async function noted({ sql, askingSoon }: Ways, reference: string): Promise<void> {
  await askingSoon(KNOWN_PATIENCE_MS, () => noteConflict(sql, reference)).catch(() => undefined);
}

/**
 * What the books say in place of a payment that has ended, or knows only the id. One that was reserved and never
 * started is started, and asked again.
 */
async function withoutActor(
  ways: Ways,
  reference: string,
  command: Command,
  ask: () => Promise<Answer | 'no_room' | undefined>,
): Promise<Answer | RecordedAnswer | 'actor_missing' | 'payment_not_found'> {
  const { sql, asking, taskQueue } = ways;
  const answer = await asking(BOOKS_PATIENCE_MS, () => answerFromRecords(sql, reference, command, Date.now()));
  if (answer !== 'payment_not_found') return answer;
  const reserved = await asking(BOOKS_PATIENCE_MS, () => findReservationOf(sql, reference));
  if (!reserved) return answer;
  await startReserved(ways, reserved, taskQueue);
  const told = await ask();
  return told === undefined || told === 'no_room' ? 'actor_missing' : told;
}

/**
 * How far the books are with each payment: one that knows less was reset, and decides nothing. And whose it is. Left
 * out while Postgres is away.
 */
async function knownOf({ sql, askingSoon }: Ways, asked: readonly Asked[]): Promise<Map<string, KnownToBooks>> {
  const references = asked.map(({ reference }) => reference);
  const rows = await askingSoon(KNOWN_PATIENCE_MS, () => findKnown(sql, references)).catch(whileAway([]));
  return new Map(rows.map(({ reference, ...known }) => [reference, known]));
}

async function fromActor(
  client: Client,
  reference: string,
  kind: CommandKind,
  message: object,
): Promise<Answer | 'no_room' | undefined> {
  try {
    const handle = client.workflow.getHandle(reference);
    return await client.withDeadline(Date.now() + PATIENCE_MS, () =>
      handle.executeUpdate<Answer, [object]>(kind, { args: [message] }),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    if (hadNoRoom(error)) return 'no_room';
    throw error;
  }
}

/** A caller who knows only a reference must not learn that it exists. */
function refused(reference: string, code: RefusalCode, payment?: AccountPaymentView): Refusal {
  const availableMinor = payment && code !== 'payment_not_found' ? payment.availableMinor : null;
  return { reference, outcome: 'refused', code, availableMinor };
}

type Refusal = Extract<PaymentAnswer, { outcome: 'refused' }>;
