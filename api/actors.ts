import {
  Client,
  isGrpcServiceError,
  QueryRejectCondition,
  QueryRejectedError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Connection,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { AccountPaymentView } from '../domain/accountPayment.js';
import type { CommandKind, Issue } from '../domain/command.js';
import { issued } from '../domain/fold.js';
import type { Answer } from '../domain/handle.js';
import { formatMoney } from '../domain/money.js';
import type { accountPayment, AccountPaymentInput } from '../workflows/accountPayment.js';
import { commandQuery, paymentQuery, signals, updates, type Message, type RememberedCommand } from '../workflows/messages.js';
import { TASK_QUEUE } from '../workflows/names.js';
import { searchAttributesOf } from '../workflows/searchAttributes.js';

/** Temporal could not be reached, or nobody there answered a question: nothing has changed. */
export class ActorsUnavailable extends Error {
  override readonly name = 'ActorsUnavailable';
}

/** A command was sent and no answer came in time: it may have been decided, or may yet be. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** There is no open workflow for this reference. */
export const NO_ACTOR = 'no_actor';
export type NoActor = typeof NO_ACTOR;

export type Actors = ReturnType<typeof createActors>;

export type ActorsOptions = { connection: Connection; namespace: string; taskQueue?: string };

const READ_PATIENCE_MS = 2_000;
const COMMAND_PATIENCE_MS = 5_000;

/** The API's only way to the account payments, and the only holder of the Temporal client. */
export function createActors({ connection, namespace, taskQueue = TASK_QUEUE }: ActorsOptions) {
  // An actor that has ended does not answer: its records do, for they are there longer than its history.
  const client = new Client({ connection, namespace, workflow: { queryRejectCondition: QueryRejectCondition.NOT_OPEN } });
  const handleOf = (reference: string) => client.workflow.getHandle<typeof accountPayment>(reference);
  const within = <T>(patienceMs: number, ask: () => Promise<T>) => client.withDeadline(Date.now() + patienceMs, ask);
  const ping = () => within(READ_PATIENCE_MS, () => client.connection.workflowService.getSystemInfo({}));
  let server: 'up' | 'doubtful' = 'doubtful';

  return {
    /** Starts the actor of a new payment; one that is there already is left as it is. */
    async start(issue: Issue): Promise<void> {
      await assertReachable();
      try {
        await within(COMMAND_PATIENCE_MS, () =>
          client.workflow.start<typeof accountPayment>('accountPayment', { taskQueue, ...beginningOf(issue) }),
        );
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return;
        throw sentInVain(error);
      }
    },

    /** Sends a command and waits for what the actor decides. */
    async command(reference: string, kind: CommandKind, message: Message): Promise<Answer | NoActor> {
      await assertReachable();
      for (const giveUpAt = Date.now() + COMMAND_PATIENCE_MS; ; ) {
        try {
          return await client.withDeadline(giveUpAt, () =>
            handleOf(reference).executeUpdate(updates[kind], { args: [message] }),
          );
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return NO_ACTOR;
          if (!isSafeToResend(error) || Date.now() > giveUpAt) throw sentInVain(error);
        }
      }
    },

    /** Leaves a command with the server, durable, for whenever a worker runs. */
    async signal(reference: string, kind: CommandKind, message: Message): Promise<'sent' | NoActor> {
      await assertReachable();
      try {
        await within(COMMAND_PATIENCE_MS, () => handleOf(reference).signal(signals[kind], message));
        return 'sent';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return NO_ACTOR;
        throw sentInVain(error);
      }
    },

    async payment(reference: string): Promise<AccountPaymentView | NoActor> {
      return ask(() => handleOf(reference).query(paymentQuery));
    },

    /** What the actor still knows of a command. */
    async remembered(reference: string, commandId: string): Promise<RememberedCommand | NoActor> {
      return ask(() => handleOf(reference).query(commandQuery, commandId));
    },

    /** Answers when the server does. */
    ping,
  };

  async function ask<T>(query: () => Promise<T>): Promise<T | NoActor> {
    try {
      return await within(READ_PATIENCE_MS, query);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError || error instanceof QueryRejectedError) return NO_ACTOR;
      throw isOutage(error) ? new ActorsUnavailable('Temporal does not answer', { cause: error }) : error;
    }
  }

  /** Once something went unanswered, asks whether anybody is there before anything is sent that could arrive unnoticed. */
  async function assertReachable(): Promise<void> {
    if (server === 'up') return;
    try {
      await ping();
      server = 'up';
    } catch (error) {
      throw new ActorsUnavailable('Temporal cannot be reached', { cause: error });
    }
  }

  /** What was sent and not answered may have arrived, whatever the network says of it. Bugs stay what they are. */
  function sentInVain(error: unknown): unknown {
    if (!isOutage(error)) return error;
    server = 'doubtful';
    return new OutcomeUnknown('no answer in time', { cause: error });
  }
}

/**
 * Whether an update was lost to a workflow task that failed or a run that continued as new, which bursts bring about.
 * The command's id makes another try safe.
 */
function isSafeToResend(error: unknown): boolean {
  if (isGrpcServiceError(causeOf(error)) && (causeOf(error) as { code: number }).code === FAILED_PRECONDITION) return true;
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return false;
  return error.cause.type === 'AcceptedUpdateCompletedWorkflow' || error.cause.type === 'UnprocessedUpdate';
}

/** gRPC's status code for a server that could not act in its present state. */
const FAILED_PRECONDITION = 9;

/** Not answered in time, or not reached at all. */
function isOutage(error: unknown): boolean {
  return error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcServiceError(error) || isGrpcServiceError(causeOf(error));
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/** A workflow that is there already is left alone, whether it runs or has ended. */
function beginningOf(issue: Issue) {
  return {
    workflowId: issue.reference,
    args: [{ origin: 'issued', issue }] as [AccountPaymentInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    typedSearchAttributes: searchAttributesOf(issued(issue).payment),
    staticSummary: summaryOf(issue),
  } as const;
}

function summaryOf({ purpose, amountMinor, currency, customerId }: Issue): string {
  return `${purpose.replace('_', ' ')} of ${formatMoney(amountMinor, currency)} for customer ${customerId}`;
}
