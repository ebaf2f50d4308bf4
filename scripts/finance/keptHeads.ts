import type { Client } from '@temporalio/client';
import { entityOfClose, type Head } from '../../domain/finance/closing.js';

/** The heads that Temporal keeps of closes, for as long as it keeps the workflows that made them. */
export async function keptHeads(client: Client, taskQueue: string): Promise<Head[]> {
  const heads: Head[] = [];
  const query = `WorkflowType IN ('closeMonth', 'closeDays') AND ExecutionStatus = 'Completed' AND TaskQueue = '${taskQueue}'`;
  for await (const { workflowId, memo } of client.workflow.list({ query })) {
    const { head, position, heads: several } = (memo ?? {}) as Partial<Head> & { readonly heads?: readonly Head[] };
    const legalEntity = entityOfClose(workflowId);
    if (legalEntity !== undefined && head !== undefined && position !== undefined)
      heads.push({ legalEntity, position, head });
    heads.push(...(several ?? []));
  }
  return heads;
}
