import { activityInfo, ApplicationFailure, log, metricMeter } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Sql } from '../db/connect.js';
import { createSlots, unlessAway } from '../db/slots.js';
import { decideGift } from '../db/gift/gifts.js';
import { noteConflict } from '../db/payment/ledgerConflicts.js';
import { LedgerConflict, recordReserved } from '../db/payment/record.js';
import { giftWorkflowId } from '../domain/gift/gift.js';
import type { Line } from '../domain/payment/command.js';
import type { Asked, PaymentAnswer } from '../domain/sale/answers.js';
import type { Activities } from '../workflows/activities.js';
import { createClosingActivities } from './finance/closing.js';
import { countReusedKeys } from './countReusedKeys.js';
import { LOOKS, whyNotReplaced } from './looks.js';
import { notDone } from './notDone.js';
import { createSaleActivities } from './sale/createSaleActivities.js';
import { TILLS_PATIENCE_MS } from './sale/recall.js';
import { commandPayments, NotAnswered } from './payment/command.js';
import { issueGift, replacePayment } from './payment/issue.js';
import { promisedBy } from './payment/promised.js';

export type ActivityParts = { sql: Sql; client: Client };

/**
 * How many activities may wait for Postgres: those that record, and those by which sales and gifts read and reserve.
 * The worker has room for more than both, so that however Postgres hangs, commands always reach the payments.
 */
export const BOOK_SLOTS = { recording: 75, asking: 75 } as const;

/** How long Postgres is taken to be away by those who can do without, after one of them got no answer. */
const AWAY_MS = 2_000;

/** Less than an activity's time, so that it is over here before it is tried again. */
const PATIENCE_MS = 8_000;

/** What the workflows ask of the world, carried out. */
export function createActivities({ sql, client }: ActivityParts): Activities {
  const [recording, asking] = [createSlots(BOOK_SLOTS.recording), createSlots(BOOK_SLOTS.asking)];
  const askingSoon = unlessAway(asking, { awayMs: AWAY_MS, provenByMs: TILLS_PATIENCE_MS });
  const issuer = { client, sql, asking };
  const askPayments = async (asked: readonly Asked[], lines?: readonly Line[]): Promise<PaymentAnswer[]> => {
    try {
      const { taskQueue } = activityInfo();
      return await commandPayments({ ...issuer, askingSoon, taskQueue, isGivenUp }, asked, lines);
    } catch (error) {
      if (!(error instanceof NotAnswered)) throw notDone('not_answered', error);
      throw ApplicationFailure.create({ type: 'not_answered', message: error.message });
    }
  };
  return {
    async record(batch) {
      try {
        const run = activityInfo().workflowExecution ?? { workflowId: '', runId: '' };
        countReusedKeys(await recording(PATIENCE_MS, () => recordReserved(sql, batch, run)));
        return 'recorded';
      } catch (error) {
        if (!(error instanceof LedgerConflict)) throw notDone('not_recorded', error);
        metricMeter.createCounter('ledger_conflicts', 'Times that the books contradicted a payment').add(1);
        log.error('ledger conflict', { reference: batch.terms.reference, books: error.books });
        // For people to find. The payment hears of the conflict whether this works or not, and tries again later.
        await recording(PATIENCE_MS, () => noteConflict(sql, batch.terms.reference)).catch(() => undefined);
        return error.books === 'behind' ? 'books_behind' : 'books_differ';
      }
    },

    command: askPayments,

    async issue(issuing) {
      try {
        const { workflowExecution, taskQueue } = activityInfo();
        return await issueGift(issuer, issuing, { workflowId: workflowExecution?.workflowId ?? '', taskQueue });
      } catch (error) {
        throw notDone('not_issued', error);
      }
    },

    async promised(gift) {
      try {
        return await promisedBy(issuer, gift, activityInfo().workflowExecution?.workflowId ?? '');
      } catch (error) {
        throw notDone('not_answered', error);
      }
    },

    async replace(replacing) {
      try {
        return await replacePayment(issuer, replacing, activityInfo().taskQueue);
      } catch (error) {
        const code = whyNotReplaced(error);
        if (code) return { code };
        throw notDone('not_issued', error);
      }
    },

    ...createSaleActivities({ sql, client, recording, asking, askingSoon, askPayments }),

    ...createClosingActivities({ sql, client }),

    async recordGift(giftId, outcome, at) {
      // One that somebody started by hand may name another's gift, and decides nothing of it.
      if (activityInfo().workflowExecution?.workflowId !== giftWorkflowId(giftId)) return;
      try {
        await recording(PATIENCE_MS, () => decideGift(sql, giftId, outcome, at));
      } catch (error) {
        throw notDone('not_recorded', error);
      }
    },
  };
}

/** A missing workflow is an alarm and a refusal after a few looks. */
function isGivenUp(reference: string): boolean {
  if (activityInfo().attempt < LOOKS) return false;
  metricMeter
    .createCounter('account_payment_actors_missing', 'Commands for a payment whose workflow somebody terminated')
    .add(1);
  log.error('active in the records, and its workflow is missing', { reference });
  return true;
}
