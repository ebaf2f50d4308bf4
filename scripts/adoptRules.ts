import type { Client } from '@temporalio/client';
import type { RulesNumber } from '../domain/payment/rules.js';
import { adoptSignal } from '../workflows/payment/messages.js';
import { inParallel } from '../activities/inParallel.js';

const AT_ONCE = 20;

/**
 * Tells every payment that is open to decide by these rules from now on. To tell one twice changes nothing.
 * @returns how many were told; one that ended meanwhile need not be
 */
export async function adoptRules(client: Client, rules: RulesNumber): Promise<number> {
  const open: string[] = [];
  const query = "WorkflowType = 'accountPayment' AND ExecutionStatus = 'Running'";
  for await (const { workflowId } of client.workflow.list({ query })) open.push(workflowId);
  const told = await inParallel(AT_ONCE, open.length, async (i) => {
    const handle = client.workflow.getHandle(open[i] ?? '');
    return handle.signal(adoptSignal, { rules }).then(
      () => 1,
      async (error: unknown) => {
        if ((await handle.describe()).status.name === 'RUNNING') throw error;
        return 0;
      },
    );
  });
  return told.reduce<number>((sum, each) => sum + each, 0);
}
