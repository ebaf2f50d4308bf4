import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';

/** Every command that somebody was told is decided, or taken. */
export type Acknowledged = {
  readonly add: (reference: string, commandId: string) => void;
  /** Those of which the books know nothing. */
  readonly missing: (sql: Sql) => Promise<number>;
  readonly references: () => readonly string[];
};

export function createAcknowledged(): Acknowledged {
  const all = new Map<string, Set<string>>();
  return {
    add: (reference, commandId) => {
      const known = all.get(reference) ?? new Set();
      all.set(reference, known.add(commandId));
    },
    references: () => [...all.keys()],
    missing: async (sql) => {
      let missing = 0;
      for (const [reference, ids] of all) {
        const rows = await sql<{ commandId: string }[]>`select command_id from commands where reference = ${reference}`;
        const recorded = new Set(rows.map((row) => row.commandId));
        missing += [...ids].filter((id) => !recorded.has(id)).length;
      }
      return missing;
    },
  };
}

/** How many acknowledged commands are in no books, once everything that was under way has had time to get there. */
export async function countLost(sql: Sql, acknowledged: Acknowledged, patienceMs: number): Promise<number> {
  for (const giveUpAt = Date.now() + patienceMs; ;) {
    const missing = await acknowledged.missing(sql);
    if (missing === 0 || Date.now() > giveUpAt) return missing;
    await pause(500);
  }
}

/** Payments of which the actor and the books tell different figures, at the same revision. */
export async function countDifferent(client: Client, sql: Sql, references: readonly string[]): Promise<number> {
  const isEqual = async (reference: string) => {
    const actor = await client.workflow.getHandle(reference).query<AccountPaymentView>('payment');
    const [row] = await sql<{ revision: number; balanceMinor: number; moved: number }[]>`
      select revision, balance_minor,
             (select sum(amount_minor)::bigint from movements m where m.reference = p.reference) as moved
        from account_payments p where reference = ${reference}`;
    return (
      row?.revision === actor.revision && row.balanceMinor === actor.balanceMinor && row.moved === actor.balanceMinor
    );
  };
  let different = 0;
  for (const reference of references) {
    // What was decided a moment ago is on its way.
    let equal = await isEqual(reference);
    for (let tries = 0; !equal && tries < 20; tries++) {
      await pause(500);
      equal = await isEqual(reference);
    }
    if (!equal) different += 1;
  }
  return different;
}
