import type { By } from '../domain/command.js';
import type { Instant } from '../domain/instants.js';
import type { RefusalCode } from '../domain/refusals.js';
import type { Gift, TransferOutcome } from '../domain/transfer.js';
import type { Sql } from './connect.js';

type Asked = Omit<Gift, 'by'> & {
  readonly message: string | null;
  readonly requestedBy: By;
  readonly requestedAt: Instant;
};

export type Pending = Asked & { readonly status: 'pending'; toReference: null; sourceRevision: null; code: null; decidedAt: null };
export type Given = Asked & { readonly status: 'completed'; toReference: string; sourceRevision: number; code: null; decidedAt: Instant };
export type Refused = Asked & { readonly status: 'refused'; toReference: null; sourceRevision: null; code: RefusalCode; decidedAt: Instant };

/** A gift as it was asked for, and what became of it. */
export type Transfer = Pending | Given | Refused;

export type AskedGift = Gift & { readonly bodyHash: string; readonly message: string | null; readonly requestedAt: Instant };

type Selected = Transfer & { bodyHash: string; caller: string; staffId: string | null };

/** Writes down that a gift is asked for, unless it has been before; either way tells what is written. */
export async function requestTransfer(sql: Sql, { by, ...asked }: AskedGift): Promise<{ transfer: Transfer; bodyHash: string }> {
  const row = { ...asked, status: 'pending', caller: by.caller, staffId: by.staffId ?? null };
  // A conflicting insert waits for the other transaction, so the second statement finds its row.
  await sql`insert into transfers ${sql(row)} on conflict (transfer_id) do nothing`;
  const [found] = await sql<[Selected]>`select * from transfers where transfer_id = ${asked.transferId}`;
  return { transfer: toTransfer(found), bodyHash: found.bodyHash };
}

export async function findTransfer(sql: Sql, transferId: string): Promise<Transfer | undefined> {
  const [row] = await sql<Selected[]>`select * from transfers where transfer_id = ${transferId}`;
  return row && toTransfer(row);
}

export async function decideTransfer(sql: Sql, transferId: string, outcome: TransferOutcome, at: Instant): Promise<void> {
  const told =
    outcome.outcome === 'completed'
      ? { status: 'completed', toReference: outcome.toReference, sourceRevision: outcome.revision }
      : { status: 'refused', code: outcome.code };
  await sql`
    update transfers set ${sql({ ...told, decidedAt: at })} where transfer_id = ${transferId} and status = 'pending'`;
}

function toTransfer({ bodyHash: _, caller, staffId, ...row }: Selected): Transfer {
  return { ...row, requestedBy: { caller, ...(staffId !== null && { staffId }) } };
}
