import { activityInfo, ApplicationFailure, log, metricMeter } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Sql } from '../db/connect.js';
import { decideGift } from '../db/gift/gifts.js';
import { LedgerConflict, recordReserved, type Batch } from '../db/payment/record.js';
import type { Line } from '../domain/payment/command.js';
import type { Instant } from '../domain/instants.js';
import type { PaymentAnswer } from '../domain/sale/answers.js';
import type { GiftOutcome } from '../domain/gift/gift.js';
import type { Issuing } from '../domain/payment/issue.js';
import { notDone } from './notDone.js';
import { createSaleActivities } from './sale/createSaleActivities.js';
import { commandPayments, NotAnswered, type Asked } from './payment/command.js';
import { issuePayment, replacePayment, type IssuedPayment, type NotIssued } from './payment/issue.js';

export type Activities = ReturnType<typeof createActivities>;

/** What the books made of a batch. */
export type Recorded = 'recorded' | 'books_behind' | 'books_differ';

export type ActivityParts = { sql: Sql; client: Client; shopTimeZone: string };

/** What the workflows may ask of the world. Each is safe to repeat, for each is repeated until it has worked. */
export function createActivities({ sql, client, shopTimeZone }: ActivityParts) {
  return {
    /** Writes a payment's decisions to Postgres, or tells that the books contradict them: nothing is overwritten. */
    async record(batch: Batch): Promise<Recorded> {
      try {
        await recordReserved(sql, batch, activityInfo().workflowExecution?.workflowId ?? '');
        return 'recorded';
      } catch (error) {
        if (!(error instanceof LedgerConflict)) throw notDone('not_recorded', error);
        metricMeter.createCounter('ledger_conflicts', 'Attempts to record what the books contradict').add(1);
        log.error('ledger conflict', { reference: batch.terms.reference, books: error.books });
        return error.books === 'behind' ? 'books_behind' : 'books_differ';
      }
    },

    /** Sends payments their commands: the only way from a sale or a gift to the money. */
    async command(asked: readonly Asked[], lines?: readonly Line[]): Promise<PaymentAnswer[]> {
      try {
        return await commandPayments({ client, sql, isGivenUp }, asked, lines);
      } catch (error) {
        if (!(error instanceof NotAnswered)) throw notDone('not_answered', error);
        throw ApplicationFailure.create({ type: 'not_answered', message: error.message });
      }
    },

    /** Issues a payment as a gift. */
    async issue(issuing: Issuing): Promise<IssuedPayment> {
      try {
        return await issuePayment(client, sql, issuing, {
          taskQueue: activityInfo().taskQueue,
          timeZone: shopTimeZone,
        });
      } catch (error) {
        throw notDone('not_issued', error);
      }
    },

    /** Issues a payment in the stead of one that has ended. */
    async replace(issuing: Issuing, keptMinor: number): Promise<IssuedPayment | NotIssued> {
      try {
        return await replacePayment(client, sql, issuing, keptMinor, {
          taskQueue: activityInfo().taskQueue,
          timeZone: shopTimeZone,
        });
      } catch (error) {
        throw notDone('not_issued', error);
      }
    },

    ...createSaleActivities({ sql, client }),

    /** Writes down what became of a gift. */
    async recordGift(giftId: string, outcome: GiftOutcome, at: Instant): Promise<void> {
      try {
        await decideGift(sql, giftId, outcome, at);
      } catch (error) {
        throw notDone('not_recorded', error);
      }
    },
  };
}

/** Looked for a few times, for clocks differ and an end may be a moment away; then it is an alarm, and a refusal. */
const LOOKS = 3;

function isGivenUp(reference: string): boolean {
  if (activityInfo().attempt < LOOKS) return false;
  metricMeter
    .createCounter('account_payment_actors_missing', 'Commands for a payment whose workflow somebody terminated')
    .add(1);
  log.error('active in the records, and its workflow is missing', { reference });
  return true;
}
