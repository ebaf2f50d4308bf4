import type { Connection } from '@temporalio/client';
import type { Instant } from '../domain/instants.js';
import type { AccountPaymentView } from '../domain/payment/payment.js';
import type { CommandKind, Issue, SaleKey } from '../domain/payment/command.js';
import type { Answer } from '../domain/payment/handle.js';
import type { LiveFigure } from '../domain/sale/figure.js';
import type { SaleCommand, SaleView } from '../domain/sale/sale.js';
import type { MonthClosed, MonthToClose } from '../domain/finance/closing.js';
import type { Gift, GiftOutcome } from '../domain/gift/gift.js';
import { startOfCloseMonth, type CloseMonthWorkflow } from '../workflows/close/start.js';
import { startOfGift, type GiftWorkflow } from '../workflows/gift/start.js';
import { startedSinceQuery, startOfPayment, type AccountPaymentWorkflow } from '../workflows/payment/start.js';
import { saleWorkflowId, startOfSale, type SaleTerms, type SaleWorkflow } from '../workflows/sale/start.js';
import {
  commandQuery,
  figureQuery,
  paymentQuery,
  signals,
  updates,
  type Message,
  type RememberedCommand,
} from '../workflows/payment/messages.js';
import { TASK_QUEUE } from '../workflows/taskQueue.js';
import {
  rememberedBySaleQuery,
  saleQuery,
  saleUpdates,
  type SaleAnswer,
  type SaleMessage,
} from '../workflows/sale/messages.js';
import { createTemporal, type NoActor } from './temporal.js';

export type Actors = ReturnType<typeof createActors>;

export type ActorsOptions = { connection: Connection; namespace: string; returnPeriodMs: number; taskQueue?: string };

/** The API's only way to the account payments, the sales and the gifts. */
export function createActors({ connection, namespace, returnPeriodMs, taskQueue = TASK_QUEUE }: ActorsOptions) {
  const temporal = createTemporal({ connection, namespace });

  /** Sends a command to a sale that may have no workflow, or none any more: a new one takes it up from the books. */
  const resumeSale = (
    sale: SaleKey,
    command: SaleCommand,
    terms: SaleTerms,
    asked?: 'first' | 'before',
  ): Promise<SaleAnswer | NoActor> => {
    const { kind, ...rest } = command;
    const message: SaleMessage = { ...rest, ...(asked === 'before' && { asked }) };
    const options = { taskQueue, ...startOfSale(sale, terms, returnPeriodMs) };
    return temporal.updateWithStart<SaleAnswer, SaleMessage, SaleWorkflow>(
      { type: 'sale', options },
      saleUpdates[kind],
      message,
    );
  };

  return {
    /** Starts the actor of a new payment; one that is there already is left as it is. */
    start: (issue: Issue): Promise<void> =>
      temporal.start<AccountPaymentWorkflow>({
        type: 'accountPayment',
        options: { taskQueue, ...startOfPayment(issue) },
      }),

    /** Sends a command and waits for what the payment decides. */
    command: (reference: string, kind: CommandKind, message: Message): Promise<Answer | NoActor> =>
      temporal.update(reference, updates[kind], message),

    signal: (reference: string, kind: CommandKind, message: Message): Promise<'sent' | NoActor> =>
      temporal.signal(reference, signals[kind], message),

    payment: (reference: string): Promise<AccountPaymentView | NoActor> => temporal.query(reference, paymentQuery),

    /** What the actor still knows of a command. */
    remembered: (reference: string, commandId: string): Promise<RememberedCommand | NoActor> =>
      temporal.query(reference, commandQuery, commandId),

    /** Sends a command to a sale; a hold or a settlement begins it. @param asked whether its request came before */
    async commandSale(sale: SaleKey, command: SaleCommand, asked?: 'first' | 'before'): Promise<SaleAnswer | NoActor> {
      if (command.kind !== 'capture' && command.kind !== 'release') return resumeSale(sale, command, command, asked);
      const { kind, ...message } = command;
      return temporal.update(saleWorkflowId(sale), saleUpdates[kind], message);
    },

    resumeSale,

    /** What a payment's own workflow says of a sale. */
    saleFigure: (reference: string, sale: SaleKey): Promise<LiveFigure | NoActor> =>
      temporal.query(reference, figureQuery, sale),

    sale: (sale: SaleKey): Promise<SaleView | null | NoActor> => temporal.query(saleWorkflowId(sale), saleQuery),

    /** Whether a sale has decided a command with this id. */
    isRememberedBySale: async (sale: SaleKey, commandId: string): Promise<boolean> =>
      (await temporal.query(saleWorkflowId(sale), rememberedBySaleQuery, commandId)) === true,

    /** Starts a gift, or finds it started, and waits for its outcome. */
    async give(gift: Gift): Promise<GiftOutcome> {
      const start = startOfGift(gift);
      await temporal.start<GiftWorkflow>({ type: 'gift', options: { taskQueue, ...start } });
      return temporal.result<GiftOutcome>(start.workflowId);
    },

    /** Which payments' workflows were started after this instant. */
    startedSince: (at: Instant): Promise<readonly string[]> => temporal.list(startedSinceQuery(at)),

    /** Starts the close of a month, or finds it started, and waits for what becomes of it. */
    async closeMonth(wish: MonthToClose): Promise<MonthClosed> {
      const start = startOfCloseMonth(wish);
      await temporal.start<CloseMonthWorkflow>({ type: 'closeMonth', options: { taskQueue, ...start } });
      return temporal.result<MonthClosed>(start.workflowId);
    },

    ping: temporal.ping,

    /** Where they are, as operators name it. */
    namespace,
  };
}
