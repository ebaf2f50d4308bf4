import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import { areSomeKnown } from '../../db/payment/commands.js';
import type { Slots } from '../../db/slots.js';
import type { StepThere } from '../../workflows/activities.js';

const PATIENCE_MS = 3_000;
const BOOKS_PATIENCE_MS = 2_000;

/** Asks the payments themselves, for the books may not know yet, and the books of those that have ended. */
export async function haveBegun(
  { client, sql, asking }: { client: Client; sql: Sql; asking: Slots },
  steps: readonly StepThere[],
): Promise<'begun' | 'new'> {
  const told = await Promise.all(steps.map((step) => toldBy(client, step)));
  if (told.includes('decided')) return 'begun';
  const ended = steps.filter((_, i) => told[i] === 'ended');
  if (ended.length === 0) return 'new';
  return (await asking(BOOKS_PATIENCE_MS, () => areSomeKnown(sql, ended))) ? 'begun' : 'new';
}

async function toldBy(client: Client, { reference, commandId }: StepThere): Promise<'decided' | 'new' | 'ended'> {
  try {
    const handle = client.workflow.getHandle(reference);
    const { outcome } = await client.withDeadline(Date.now() + PATIENCE_MS, () =>
      handle.query<{ outcome: string }, [string]>('command', commandId),
    );
    return outcome === 'unknown' ? 'new' : 'decided';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'ended';
    throw error;
  }
}
