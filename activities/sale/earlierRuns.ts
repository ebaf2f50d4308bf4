import { isGrpcServiceError, ServiceError, type Client } from '@temporalio/client';
import { readSale } from '../reconciliation/readSale.js';

/**
 * Whether a sale has carried out a return in an earlier life. Books that were put back may know neither of it nor that
 * the sale took anything of the payments that got it.
 */
export async function wasCarriedOut(client: Client, workflowId: string, returnId: string): Promise<'begun' | 'new'> {
  // What went on in this run, it remembers itself. A sale's id holds no double quote, for it is escaped.
  const itself = `WorkflowId = "${workflowId}" AND ExecutionStatus != 'Running'`;
  if ((await runsIn(client, `${itself} AND ExecutionStatus != 'ContinuedAsNew'`)).length === 0) return 'new';
  const { answers } = await readSale(client, workflowId, await runsIn(client, itself));
  return answers.some((each) => each.commandId === returnId && each.outcome === 'accepted') ? 'begun' : 'new';
}

/**
 * Whoever cannot list now is asked again: a return is not given back on the guess that it is new. A server that has no
 * lists, as the one that skips time, has put nothing back either.
 */
async function runsIn(client: Client, query: string): Promise<string[]> {
  const runIds: string[] = [];
  try {
    for await (const { runId } of client.workflow.list({ query })) runIds.push(runId);
    return runIds;
  } catch (error) {
    if (error instanceof ServiceError && isGrpcServiceError(error.cause) && Number(error.cause.code) === HAS_NO_LISTS)
      return runIds;
    throw error;
  }
}

/** gRPC's status `UNIMPLEMENTED`. */
const HAS_NO_LISTS = 12;
