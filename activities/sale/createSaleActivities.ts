import { activityInfo } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import { isRecordsOutage } from '../../db/outage.js';
import { insertKeptFee } from '../../db/payment/keptFees.js';
import { insertSaleCommands } from '../../db/sale/saleCommands.js';
import { insertSalePlan } from '../../db/sale/salePlans.js';
import type { Slots } from '../../db/slots.js';
import type { Activities } from '../../workflows/activities.js';
import { countReusedKeys } from '../countReusedKeys.js';
import { isStillHeld } from '../looks.js';
import { notDone } from '../notDone.js';
import { haveBegun } from './begun.js';
import { figuresOf } from './figures.js';
import { recallSale } from './recall.js';

/** Less than an activity's time. */
const PATIENCE_MS = 8_000;
/** A return waits for it. */
const PLAN_PATIENCE_MS = 1_000;

type Parts = { sql: Sql; client: Client; recording: Slots; asking: Slots };

type SaleActivities = Pick<Activities, 'keepFee' | 'figures' | 'haveBegun' | 'recall' | 'recordPlan' | 'recordSale'>;

/** What a sale asks of the books, and what it only reads of payments. */
export function createSaleActivities({ sql, client, recording, asking }: Parts): SaleActivities {
  return {
    async keepFee(fee) {
      try {
        const kept = await asking(PATIENCE_MS, () => insertKeptFee(sql, fee, Date.now()));
        return kept === 'kept' ? kept : { code: 'exceeds_refundable', ...kept };
      } catch (error) {
        if (isStillHeld(error)) return { code: 'hold_open' };
        throw notDone('not_recorded', error);
      }
    },

    async figures(sale, known) {
      try {
        return await figuresOf({ client, sql, asking, taskQueue: activityInfo().taskQueue }, sale, known);
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

    async recall(sale, commandId, payments) {
      return recallSale({ sql, asking }, sale, commandId, payments);
    },

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
