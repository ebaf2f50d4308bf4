import type { Client } from '@temporalio/client';
import type { StartedSince } from '../../db/booksCompared.js';
import { startedSinceQuery } from '../../workflows/payment/start.js';

/** Which payments' workflows were started after an instant. */
export function startedSince(client: Client): StartedSince {
  return async (at) => {
    const found = new Set<string>();
    const query = startedSinceQuery(at);
    for await (const { workflowId } of client.workflow.list({ query, pageSize: 1_000 })) found.add(workflowId);
    return [...found];
  };
}
