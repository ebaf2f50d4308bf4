import { Client, Connection } from '@temporalio/client';
import { reconcile } from '../../activities/reconciliation/reconcile.js';
import type { Violation } from './check/history.js';
import type { World } from './world.js';

/** What the service's own comparison of all payments finds in the end, beside what the check knows by itself. */
export async function differencesIn({ sql, temporal }: Pick<World, 'sql' | 'temporal'>): Promise<Violation[]> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const client = new Client({ connection, namespace: temporal.namespace });
    const { compared, differences } = await reconcile({ client, sql, pageAtMostEveryMs: 0 }, { scope: 'all' });
    console.log(`${compared} payments reconciled, ${differences.length} differences`);
    return differences.map(({ reference, kind, subject, books, actor }) => ({
      rule: 'books and workflows agree',
      subject: reference,
      sentence: `${kind} ${subject}: books ${books ?? '-'}; workflow ${actor ?? '-'}`,
    }));
  } finally {
    await connection.close();
  }
}
