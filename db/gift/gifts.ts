import { callerOf, type By } from '../../domain/payment/command.js';
import type { Instant } from '../../domain/instants.js';
import type { RefusalCode } from '../../domain/refusals.js';
import type { Gift, GiftOutcome } from '../../domain/gift/gift.js';
import type { Sql } from '../connect.js';

type Asked = Omit<Gift, 'by'> & {
  readonly message: string | null;
  /** Why it is given, as the staff say among themselves. */
  readonly reason: string | null;
  readonly requestedBy: By;
  readonly requestedAt: Instant;
};

export type Pending = Asked & {
  readonly status: 'pending';
  toReference: null;
  sourceRevision: null;
  code: null;
  decidedAt: null;
};
export type Given = Asked & {
  readonly status: 'completed';
  toReference: string;
  sourceRevision: number;
  code: null;
  decidedAt: Instant;
};
export type Refused = Asked & {
  readonly status: 'refused';
  toReference: null;
  sourceRevision: null;
  code: RefusalCode;
  decidedAt: Instant;
};

/** A gift as it was asked for, and what became of it. */
export type GiftRow = Pending | Given | Refused;

export type AskedGift = Gift & {
  readonly bodyHash: string;
  readonly message: string | null;
  readonly reason?: string | null;
  readonly requestedAt: Instant;
};

type Selected = GiftRow & { bodyHash: string; caller: string; shopId: string; staffId: string | null };

/** Writes down that a gift is asked for, unless it has been before; either way tells what is written. */
export async function requestGift(sql: Sql, { by, ...asked }: AskedGift): Promise<{ gift: GiftRow; bodyHash: string }> {
  const row = { ...asked, status: 'pending', caller: by.caller, shopId: by.shopId, staffId: by.staffId ?? null };
  // A conflicting insert waits for the other transaction, so the second statement finds its row.
  await sql`insert into gifts ${sql(row)} on conflict (gift_id) do nothing`;
  const [found] = await sql<[Selected]>`select * from gifts where gift_id = ${asked.giftId}`;
  return { gift: toGift(found), bodyHash: found.bodyHash };
}

export async function findGift(sql: Sql, giftId: string): Promise<GiftRow | undefined> {
  const [row] = await sql<Selected[]>`select * from gifts where gift_id = ${giftId}`;
  return row && toGift(row);
}

/** Of which the books do not know what became. */
export async function pendingGifts(sql: Sql): Promise<string[]> {
  const rows = await sql<{ giftId: string }[]>`select gift_id from gifts where status = 'pending' order by gift_id`;
  return rows.map(({ giftId }) => giftId);
}

export async function decideGift(sql: Sql, giftId: string, outcome: GiftOutcome, at: Instant): Promise<void> {
  const told =
    outcome.outcome === 'completed'
      ? { status: 'completed', toReference: outcome.toReference, sourceRevision: outcome.revision }
      : { status: 'refused', code: outcome.code };
  await sql`
    update gifts set ${sql({ ...told, decidedAt: at })} where gift_id = ${giftId} and status = 'pending'`;
}

function toGift({ bodyHash: _, caller, shopId, staffId, ...row }: Selected): GiftRow {
  return { ...row, requestedBy: callerOf({ caller, shopId }, staffId) };
}
