import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import { inParallel } from '../../activities/inParallel.js';
import { ALL_CALLERS, type Work } from './measure.js';

const WORKFLOWS = 200;
const taskQueue = 'floor';

/** What the engine and Postgres take by themselves, for what the service does with them. */
export async function floors({ client, sql }: { client: Client; sql: Sql }): Promise<Work[]> {
  return [
    await updates(client, 'B update, activity, insert', 'updateAndInsert'),
    await updates(client, 'C update', 'updateOnly'),
    {
      name: 'I start, activity, insert',
      callers: ALL_CALLERS,
      call: async () => {
        const workflowId = randomUUID();
        await client.workflow.execute('startAndInsert', { workflowId, taskQueue, args: [workflowId] });
        return [workflowId];
      },
    },
    await transactions(sql, 'D one transaction of Postgres'),
  ];
}

async function updates(client: Client, name: string, type: string): Promise<Work> {
  const ids = await inParallel(16, WORKFLOWS, async () => {
    const workflowId = randomUUID();
    await client.workflow.start(type, { workflowId, taskQueue, args: [workflowId] });
    return workflowId;
  });
  return {
    name,
    callers: ALL_CALLERS,
    call: async (i) => {
      const id = ids[i % WORKFLOWS] ?? '';
      await client.workflow.getHandle(id).executeUpdate('step');
      return [id];
    },
  };
}

/** Locks a balance, checks it, updates it and notes what was done: what a service without the engine would do. */
async function transactions(sql: Sql, name: string): Promise<Work> {
  const ids = Array.from({ length: WORKFLOWS }, randomUUID);
  await sql`insert into floor_balances ${sql(ids.map((id) => ({ id, balance: 1_000_000_000 })))}`;
  return {
    name,
    callers: ALL_CALLERS,
    call: async (i) => {
      const id = ids[i % WORKFLOWS] ?? '';
      await sql.begin(async (tx) => {
        const [row] = await tx<{ balance: number }[]>`select balance from floor_balances where id = ${id} for update`;
        if ((row?.balance ?? 0) < 1) throw new Error('The balance is used up.');
        await tx`update floor_balances set balance = balance - 1 where id = ${id}`;
        await tx`insert into floor_rows values (${randomUUID()}, 1)`;
      });
      return [];
    },
  };
}
