import type { Connection } from '@temporalio/client';
import { searchAttributes } from '../workflows/names.js';

/** As Temporal's `IndexedValueType` numbers them. */
const indexedValueTypes = { KEYWORD: 2, DATETIME: 6 } as const;

/** Every search attribute with the number of its type. */
export const searchAttributeTypes: Readonly<Record<string, 2 | 6>> = Object.fromEntries(
  Object.entries(searchAttributes).map(([name, type]) => [name, indexedValueTypes[type]]),
);

const RETENTION_S = 72 * 60 * 60;

/** Makes the namespace and its search attributes when they are not there; safe to repeat. */
export async function ensureNamespace({ workflowService, operatorService }: Connection, namespace: string): Promise<void> {
  const known = await workflowService.describeNamespace({ namespace }).then(
    () => true,
    () => false,
  );
  if (!known) {
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: RETENTION_S } as never });
  }
  for (const giveUpAt = Date.now() + 60_000; ; ) {
    try {
      const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
      const missing = Object.entries(searchAttributeTypes).filter(([name]) => !Object.hasOwn(customAttributes ?? {}, name));
      if (missing.length > 0) await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) });
      return;
    } catch (error) {
      // A namespace that was just made is known everywhere only after a refresh of the servers' caches.
      if (Date.now() > giveUpAt) throw error;
      await new Promise((resume) => setTimeout(resume, 500));
    }
  }
}
