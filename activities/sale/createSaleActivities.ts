import type { Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import { isRecordsOutage, within } from '../../db/outage.js';
import { insertKeptFee, type KeptFee } from '../../db/payment/keptFees.js';
import { insertSaleCommands } from '../../db/sale/saleCommands.js';
import { insertSalePlan, type SalePlan } from '../../db/sale/salePlans.js';
import type { SoldBefore } from '../../domain/sale/return.js';
import type { SaleRecord } from '../../domain/sale/sale.js';
import { notDone } from '../notDone.js';
import type { NotIssued } from '../payment/issue.js';
import { figuresOf } from './figures.js';
import { recallSale, type HoldThere, type Recalled } from './recall.js';

const PLAN_PATIENCE_MS = 2_000;

/** What a sale may ask of the books, and of payments without telling them anything. */
export function createSaleActivities({ sql, client }: { sql: Sql; client: Client }) {
  return {
    /** Writes down a fee that is all that would have gone back of a payment that has ended. */
    async keepFee(fee: KeptFee): Promise<'kept' | NotIssued> {
      try {
        const kept = await insertKeptFee(sql, fee, Date.now());
        return kept === 'kept' ? kept : { code: 'exceeds_refundable', ...kept };
      } catch (error) {
        throw notDone('not_recorded', error);
      }
    },

    /** What a sale has of its payments: theirs to say. `undefined` while the books are away and are needed. */
    async figures(saleId: string, known: readonly string[]): Promise<SoldBefore | undefined> {
      try {
        return await figuresOf(client, sql, saleId, known);
      } catch (error) {
        throw notDone('not_answered', error);
      }
    },

    /** What the books have of a sale that has just begun to live: what it was, its answer to this command, what it took. */
    async recall(saleId: string, commandId: string, payments: readonly HoldThere[]): Promise<Recalled> {
      return recallSale(sql, saleId, commandId, payments);
    },

    /** Writes down what a return is about to give back; while the books are away it goes on without. */
    async recordPlan(plan: SalePlan): Promise<'recorded' | 'away'> {
      try {
        await within(PLAN_PATIENCE_MS, insertSalePlan(sql, plan));
        return 'recorded';
      } catch (error) {
        if (isRecordsOutage(error)) return 'away';
        throw notDone('not_recorded', error);
      }
    },

    /** Writes down what a sale answered. */
    async recordSale(records: readonly SaleRecord[]): Promise<void> {
      try {
        await insertSaleCommands(sql, records);
      } catch (error) {
        throw notDone('not_recorded', error);
      }
    },
  };
}
