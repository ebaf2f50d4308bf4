import type { Sql } from '../../db/connect.js';
import { inParallel } from '../../activities/inParallel.js';
import type { Books, CommandRow, MovementRow, Order, PaymentRow, SaleTold, Standing } from './check/history.js';
import { unproven } from './closes.js';
import type { Caller } from './http.js';

const AT_ONCE = 6;

/** What the books, the payments and the sales say now. */
export async function readBooks(sql: Sql, by: Caller, orders: readonly Order[]): Promise<Books> {
  const payments = await sql<PaymentRow[]>`
    select reference, customer_id, status, amount_minor, balance_minor, held_minor, ended_balance_minor, frozen_causes,
           expires_at, revision, last_sequence, staff_id
      from account_payments order by reference`;
  const movements = await sql<MovementRow[]>`
    select reference, sequence, command_id, kind, amount_minor, balance_before_minor, balance_after_minor, sale_id,
           counterpart, caller, staff_id, moved_at
      from movements order by reference, sequence`;
  const commands = await sql<CommandRow[]>`
    select reference, revision, command_id, kind, outcome, caller, staff_id,
           coalesce(details ->> 'holdId', details ->> 'resizes') as hold_id,
           (details ->> 'amountMinor')::bigint as amount_minor,
           case when details ? 'heldUntil' then 'kept' else 'let_go' end as rest,
           details ->> 'cause' as cause, coalesce(details -> 'frozen', '[]') as frozen
      from commands order by reference, revision`;
  const conflicts = await sql<{ reference: string }[]>`select distinct reference from ledger_conflicts`;
  const actors = await inParallel(AT_ONCE, payments.length, async (i) => {
    const { body } = await insist(by, `/v1/account-payments/${payments[i]?.reference}`);
    return body as Standing;
  });
  const saleIds = [...new Set(orders.flatMap(({ saleId }) => (saleId === null ? [] : [saleId])))];
  const sales = await inParallel(AT_ONCE, saleIds.length, async (i) => {
    const { status, body } = await insist(by, `/v1/sales/${encodeURIComponent(saleIds[i] ?? '')}`);
    return status === 200 ? [body['sale'] as SaleTold] : [];
  });
  return {
    payments,
    movements,
    commands,
    actors,
    sales: sales.flat(),
    unproven: await unproven(sql),
    conflicts: conflicts.map(({ reference }) => reference),
    readAtMs: Date.now(),
  };
}

/** Everything is there again: what is not answered at once is answered soon. */
async function insist(by: Caller, path: string): ReturnType<Caller['read']> {
  for (let tries = 0; ; tries++) {
    const answer = await by.read(path);
    if ((answer.status !== 0 && answer.status < 429) || tries >= 20) return answer;
    await new Promise((resume) => setTimeout(resume, 500));
  }
}
