import { setTimeout } from 'node:timers/promises';
import {
  Client,
  isGrpcServiceError,
  QueryRejectCondition,
  QueryRejectedError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Connection,
  type Workflow,
  type WorkflowStartOptions,
} from '@temporalio/client';
import {
  ApplicationFailure,
  type QueryDefinition,
  type SignalDefinition,
  type UpdateDefinition,
} from '@temporalio/common';

/** Temporal could not be reached, or nobody there answered a question: nothing has changed. */
export class ActorsUnavailable extends Error {
  override readonly name = 'ActorsUnavailable';
}

/** A command was sent and no answer came in time: it may have been decided, or may yet be. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** There is no open workflow of this id. */
export const NO_ACTOR = 'no_actor';
export type NoActor = typeof NO_ACTOR;

/** A workflow that is started when the first command comes to it. */
export type Starting<W extends Workflow> = { type: string; options: WorkflowStartOptions<W> };

const READ_PATIENCE_MS = 2_000;
const COMMAND_PATIENCE_MS = 5_000;
/** For a page of a thousand workflows. */
const PAGE_PATIENCE_MS = 5_000;
/** Between the tries of a command that was lost on its way; each pause is twice the one before. */
const FIRST_PAUSE_MS = 100;

/**
 * Messages to workflows, with a limit to every wait: the only holder of the Temporal client.
 * @throws ActorsUnavailable from every call that was not sent, and from reads that were not answered
 * @throws OutcomeUnknown from every other call whose answer did not come in time: it may have been carried out
 */
export function createTemporal({ connection, namespace }: { connection: Connection; namespace: string }) {
  // An actor that has ended does not answer: its records do, for they are there longer than its history.
  const client = new Client({
    connection,
    namespace,
    workflow: { queryRejectCondition: QueryRejectCondition.NOT_OPEN },
  });
  const within = <T>(patienceMs: number, ask: () => Promise<T>) => client.withDeadline(Date.now() + patienceMs, ask);
  const ping = () => within(READ_PATIENCE_MS, () => client.connection.workflowService.getSystemInfo({}));
  const doubt = createDoubt(ping);
  const { assertReachable, sentInVain } = doubt;

  return {
    /** Starts a workflow. One that is there already is left as it is. */
    async start<W extends Workflow>({ type, options }: Starting<W>): Promise<void> {
      await assertReachable();
      try {
        await within(COMMAND_PATIENCE_MS, () => client.workflow.start<W>(type, options));
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return;
        throw sentInVain(error);
      }
    },

    ...createMessages(client, doubt),

    async query<Answer, Args extends unknown[]>(
      workflowId: string,
      query: QueryDefinition<Answer, Args>,
      ...args: Args
    ): Promise<Answer | NoActor> {
      try {
        return await within(READ_PATIENCE_MS, () =>
          client.workflow.getHandle(workflowId).query<Answer, Args>(query, ...args),
        );
      } catch (error) {
        if (error instanceof WorkflowNotFoundError || error instanceof QueryRejectedError) return NO_ACTOR;
        throw isOutage(error) ? new ActorsUnavailable('Temporal does not answer', { cause: error }) : error;
      }
    },

    /** Waits for the result of a workflow that was started. Asked again, one that somebody terminated may go on. */
    async result<Answer>(workflowId: string): Promise<Answer> {
      try {
        return (await within(COMMAND_PATIENCE_MS, () => client.workflow.getHandle(workflowId).result())) as Answer;
      } catch (error) {
        if (error instanceof WorkflowFailedError) throw new OutcomeUnknown('it was ended half-way', { cause: error });
        throw sentInVain(error);
      }
    },

    /** The ids of all workflows that a query of visibility finds. */
    async list(query: string): Promise<string[]> {
      const found = new Set<string>();
      const pages = client.workflow.list({ query, pageSize: 1_000 })[Symbol.asyncIterator]();
      try {
        for (;;) {
          // A page is asked for when the one before is used up.
          const next = await within(PAGE_PATIENCE_MS, () => pages.next());
          if (next.done === true) return [...found];
          found.add(next.value.workflowId);
        }
      } catch (error) {
        throw isOutage(error) ? new ActorsUnavailable('Temporal does not answer', { cause: error }) : error;
      }
    },

    /** Answers when the server does. */
    ping,
  };
}

/** Commands to actors. What was sent and not answered is told as `OutcomeUnknown`. */
function createMessages(client: Client, { assertReachable, sentInVain }: Doubt) {
  return {
    /** Sends a command and waits for what the actor decides. */
    async update<Answer, Message>(
      workflowId: string,
      update: UpdateDefinition<Answer, [Message]>,
      message: Message,
    ): Promise<Answer | NoActor> {
      return sent(() => client.workflow.getHandle(workflowId).executeUpdate(update, { args: [message] }));
    },

    /** Sends a command, in the same request starting the workflow that takes it if there is none. */
    async updateWithStart<Answer, Message, W extends Workflow>(
      { type, options }: Starting<W>,
      update: UpdateDefinition<Answer, [Message]>,
      message: Message,
    ): Promise<Answer | NoActor> {
      return sent(() => {
        const startWorkflowOperation = new WithStartWorkflowOperation<W>(type, {
          ...options,
          workflowIdConflictPolicy: 'USE_EXISTING',
        });
        return client.workflow.executeUpdateWithStart(update, { args: [message], startWorkflowOperation });
      });
    },

    /** Leaves a command with the server. It is durable there and waits for a worker. */
    async signal<Message>(
      workflowId: string,
      signal: SignalDefinition<[Message]>,
      message: Message,
    ): Promise<'sent' | NoActor> {
      await assertReachable();
      try {
        const giveUpAt = Date.now() + COMMAND_PATIENCE_MS;
        await client.withDeadline(giveUpAt, () => client.workflow.getHandle(workflowId).signal(signal, message));
        return 'sent';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return NO_ACTOR;
        throw sentInVain(error);
      }
    },
  };

  async function sent<Answer>(send: () => Promise<Answer>): Promise<Answer | NoActor> {
    await assertReachable();
    const giveUpAt = Date.now() + COMMAND_PATIENCE_MS;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
      try {
        return await client.withDeadline(giveUpAt, send);
      } catch (error) {
        const isFirst = pauseMs === FIRST_PAUSE_MS;
        if (error instanceof WorkflowNotFoundError) {
          if (isFirst) return NO_ACTOR;
          // An earlier try may have been the last thing that it decided.
          throw new OutcomeUnknown('it ended meanwhile', { cause: error });
        }
        if (!isSafeToResend(error) || Date.now() + pauseMs > giveUpAt) throw sentInVain(error);
        await setTimeout(pauseMs);
      }
    }
  }
}

type Doubt = ReturnType<typeof createDoubt>;

/** Whether the server is believed to be up. It is, until something goes unanswered. */
function createDoubt(ping: () => Promise<unknown>) {
  let server: 'up' | 'doubtful' = 'doubtful';
  return {
    /** When in doubt, asks whether anybody is there before anything is sent that could arrive unnoticed. */
    assertReachable: async (): Promise<void> => {
      if (server === 'up') return;
      try {
        await ping();
        server = 'up';
      } catch (error) {
        throw new ActorsUnavailable('Temporal cannot be reached', { cause: error });
      }
    },

    /** What was sent and not answered may have arrived, whatever the network says. A bug stays a bug. */
    sentInVain: (error: unknown): unknown => {
      if (!isOutage(error)) return error;
      server = 'doubtful';
      return new OutcomeUnknown('no answer in time', { cause: error });
    },
  };
}

/**
 * Whether an update was lost to a workflow task that failed or a run that continued as new, which bursts bring about.
 * The command's id makes another try safe.
 */
function isSafeToResend(error: unknown): boolean {
  if (isGrpcServiceError(causeOf(error)) && (causeOf(error) as { code: number }).code === FAILED_PRECONDITION)
    return true;
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return false;
  return error.cause.type === 'AcceptedUpdateCompletedWorkflow' || error.cause.type === 'UnprocessedUpdate';
}

/** gRPC's status code for a server that could not act in its present state. */
const FAILED_PRECONDITION = 9;

/** Not answered in time, or not reached at all. */
function isOutage(error: unknown): boolean {
  return (
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    isGrpcServiceError(error) ||
    isGrpcServiceError(causeOf(error))
  );
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
