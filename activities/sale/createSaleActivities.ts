import { activityInfo } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { onceCompared } from '../../db/booksCompared.js';
import type { Sql } from '../../db/connect.js';
import { isRecordsOutage } from '../../db/outage.js';
import { insertKeptFee } from '../../db/payment/keptFees.js';
import { insertSaleCommands } from '../../db/sale/saleCommands.js';
import { insertSalePlan } from '../../db/sale/salePlans.js';
import type { Slots } from '../../db/slots.js';
import type { Line } from '../../domain/payment/command.js';
import type { Asked, PaymentAnswer } from '../../domain/sale/answers.js';
import type { SaleRecord } from '../../domain/sale/sale.js';
import type { Activities, Written } from '../../workflows/activities.js';
import { countReusedKeys } from '../countReusedKeys.js';
import { whyNotReplaced } from '../looks.js';
import { notDone } from '../notDone.js';
import { startedSince } from '../payment/startedSince.js';
import { beginSale, completeSale } from './begin.js';
import { haveBegun } from './begun.js';
import { figuresOf } from './figures.js';
import { NEEDED_PATIENCE_MS, recallSale, TILLS_PATIENCE_MS } from './recall.js';

/** Less than an activity's time. */
const PATIENCE_MS = 8_000;
/** So that twice of it is less, too. */
const KEEPING_PATIENCE_MS = 4_000;
/** A return waits for it. */
const PLAN_PATIENCE_MS = 1_000;

/** As long as a till can wait for what can be written down later. */
const WRITE_PATIENCE_MS = 500;

type Parts = {
  sql: Sql;
  client: Client;
  recording: Slots;
  asking: Slots;
  /** For what can be done without, or later: it is not asked while Postgres was away a moment ago. */
  askingSoon: Slots;
  askPayments: (asked: readonly Asked[], lines?: readonly Line[]) => Promise<PaymentAnswer[]>;
};

type SaleActivities = Pick<
  Activities,
  'begin' | 'complete' | 'keepFee' | 'figures' | 'haveBegun' | 'recall' | 'recordPlan' | 'recordSale'
>;

/** What a sale asks of the books, and what it only reads of payments. */
export function createSaleActivities(parts: Parts): SaleActivities {
  const { sql, client, recording, asking, askingSoon, askPayments } = parts;
  const write = async (record: SaleRecord): Promise<Written> => {
    try {
      countReusedKeys(await askingSoon(WRITE_PATIENCE_MS, () => insertSaleCommands(sql, [record])));
      return 'written';
    } catch {
      // The workflow brings it again, for as long as it takes.
      return 'to_be_written';
    }
  };
  return {
    begin: (beginning) =>
      beginSale(
        { sql, asking: askingSoon, patienceMs: TILLS_PATIENCE_MS, askPayments, write },
        beginning,
        activityInfo().attempt,
      ),

    complete: (completing) => completeSale({ askPayments, write }, completing),

    async keepFee(fee) {
      try {
        const kept = await onceCompared(sql, startedSince(client), () =>
          asking(KEEPING_PATIENCE_MS, () => insertKeptFee(sql, fee, Date.now())),
        );
        return kept === 'kept' ? kept : { code: 'exceeds_refundable', ...kept };
      } catch (error) {
        const code = whyNotReplaced(error);
        if (code) return { code };
        throw notDone('not_recorded', error);
      }
    },

    async figures(sale, known, returnId, planned) {
      try {
        const { taskQueue, workflowExecution } = activityInfo();
        const asker = { client, sql, asking, taskQueue, workflowId: workflowExecution?.workflowId ?? '' };
        return await figuresOf(asker, sale, known, returnId, planned);
      } catch (error) {
        throw notDone('not_answered', error);
      }
    },

    async haveBegun(steps) {
      try {
        return await haveBegun({ client, sql, asking }, steps);
      } catch (error) {
        throw notDone('not_answered', error);
      }
    },

    recall: (sale, commandId, steps) =>
      recallSale({ sql, asking, patienceMs: NEEDED_PATIENCE_MS }, sale, commandId, steps),

    async recordPlan(plan) {
      try {
        await asking(PLAN_PATIENCE_MS, () => insertSalePlan(sql, plan));
        return 'recorded';
      } catch (error) {
        if (isRecordsOutage(error)) return 'away';
        throw notDone('not_recorded', error);
      }
    },

    async recordSale(records) {
      try {
        countReusedKeys(await recording(PATIENCE_MS, () => insertSaleCommands(sql, records)));
      } catch (error) {
        throw notDone('not_recorded', error);
      }
    },
  };
}
