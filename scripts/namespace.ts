import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { searchAttributes } from '../workflows/searchAttributes.js';

/** As Temporal's `IndexedValueType` numbers them. */
const indexedValueTypes = { KEYWORD: 2, DATETIME: 6 } as const;

/** Every search attribute with the number of its type. */
export const searchAttributeTypes: Readonly<Record<string, 2 | 6>> = Object.fromEntries(
  Object.entries(searchAttributes).map(([name, type]) => [name, indexedValueTypes[type]]),
);

/** Within it, records that were lost with a restored database can be brought again from the histories. */
const RETENTION_S = 30 * 24 * 60 * 60;

type Say = (line: string) => void;

/** Makes the namespace and its search attributes when they are not there; safe to repeat. */
export async function ensureNamespace(
  connection: Connection,
  namespace: string,
  say: Say = console.warn,
): Promise<void> {
  await ensureRetention(connection, namespace, say);
  await ensureSearchAttributes(connection, namespace);
}

/** A namespace that is there may keep histories for longer, not for less: the development server's own keeps a day. */
async function ensureRetention({ workflowService }: Connection, namespace: string, say: Say): Promise<void> {
  const retention = { seconds: RETENTION_S } as never;
  const known = await workflowService.describeNamespace({ namespace }).catch(() => undefined);
  if (!known) {
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention });
    return;
  }
  const seconds = Number(known.config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  if (seconds >= RETENTION_S) return;
  const config = { workflowExecutionRetentionTtl: retention };
  // A hosted namespace is changed elsewhere; the service runs without, so this does not keep it from starting.
  await workflowService.updateNamespace({ namespace, config }).catch((error: unknown) => {
    const days = (seconds / 86_400).toFixed(1);
    say(
      `The namespace ${namespace} keeps histories for ${days} days, and does not let us make it 30 (${String(error)}).`,
    );
  });
}

async function ensureSearchAttributes({ operatorService }: Connection, namespace: string): Promise<void> {
  for (const giveUpAt = Date.now() + 60_000; ;) {
    try {
      const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
      const missing = Object.entries(searchAttributeTypes).filter(
        ([name]) => !Object.hasOwn(customAttributes ?? {}, name),
      );
      if (missing.length > 0)
        await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) });
      return;
    } catch (error) {
      // A namespace that was just made is known everywhere only after a refresh of the servers' caches.
      if (Date.now() > giveUpAt) throw error;
      await pause(500);
    }
  }
}
