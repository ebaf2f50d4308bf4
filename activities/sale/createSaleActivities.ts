import type { Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import { isRecordsOutage, within } from '../../db/outage.js';
import { insertKeptFee } from '../../db/payment/keptFees.js';
import { insertSaleCommands } from '../../db/sale/saleCommands.js';
import { insertSalePlan } from '../../db/sale/salePlans.js';
import type { Activities } from '../../workflows/activities.js';
import { notDone } from '../notDone.js';
import { figuresOf } from './figures.js';
import { recallSale } from './recall.js';

const PLAN_PATIENCE_MS = 2_000;

type SaleActivities = Pick<Activities, 'keepFee' | 'figures' | 'recall' | 'recordPlan' | 'recordSale'>;

/** What a sale may ask of the books, and of payments without telling them anything. */
export function createSaleActivities({ sql, client }: { sql: Sql; client: Client }): SaleActivities {
  return {
    async keepFee(fee) {
      try {
        const kept = await insertKeptFee(sql, fee, Date.now());
        return kept === 'kept' ? kept : { code: 'exceeds_refundable', ...kept };
      } catch (error) {
        throw notDone('not_recorded', error);
      }
    },

    async figures(sale, known) {
      try {
        return await figuresOf(client, sql, sale, known);
      } catch (error) {
        throw notDone('not_answered', error);
      }
    },

    async recall(sale, commandId, payments) {
      return recallSale(sql, sale, commandId, payments);
    },

    async recordPlan(plan) {
      try {
        await within(PLAN_PATIENCE_MS, insertSalePlan(sql, plan));
        return 'recorded';
      } catch (error) {
        if (isRecordsOutage(error)) return 'away';
        throw notDone('not_recorded', error);
      }
    },

    async recordSale(records) {
      try {
        await insertSaleCommands(sql, records);
      } catch (error) {
        throw notDone('not_recorded', error);
      }
    },
  };
}
