import { fundingFrom } from '../../domain/payment/funding.js';
import { callerOf, scopeOf, type Issue } from '../../domain/payment/command.js';
import type { BookedCommand } from '../../domain/payment/restore.js';
import type { Sql } from '../connect.js';
import { findAccountPayment, type AccountPaymentRow } from './accountPayments.js';
import { listCommands, type CommandRow } from './commands.js';

/** All that the books have of a payment: what was issued, and every command after that. */
export type Booked = {
  readonly issue: Issue;
  readonly issueHash: string;
  readonly commands: readonly BookedCommand[];
  /** What its row says, which its commands have to come to. */
  readonly row: Pick<AccountPaymentRow, 'revision' | 'balanceMinor'>;
};

const PAGE = 1_000;

export async function findBooked(sql: Sql, reference: string): Promise<Booked | undefined> {
  const row = await findAccountPayment(sql, reference);
  const [issued, ...commands] = row ? await allCommands(sql, reference) : [];
  if (!row || !issued) return undefined;
  return { issue: issueOf(row, issued), issueHash: issued.bodyHash, commands: commands.map(toBooked), row };
}

async function allCommands(sql: Sql, reference: string): Promise<CommandRow[]> {
  const rows: CommandRow[] = [];
  for (let afterRevision = 0; ;) {
    const page = await listCommands(sql, reference, {}, { order: 'oldest', afterRevision, limit: PAGE });
    rows.push(...page);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return rows;
    afterRevision = last.revision;
  }
}

function issueOf(row: AccountPaymentRow, { commandId, rules, details }: CommandRow): Issue {
  const { reference, customerId, type, productId, purpose, currency, amountMinor, issuedAt, taxPoint, taxCode } = row;
  const { expiresAt, frozen, reason, law } = details as Pick<Issue, 'expiresAt' | 'frozen' | 'reason' | 'law'>;
  const scope = scopeOf(type, productId);
  return {
    kind: 'issue',
    commandId,
    rules,
    by: { ...row.createdBy, shopId: row.shopId },
    reference,
    customerId,
    scope,
    purpose,
    currency,
    amountMinor,
    issuedAt,
    expiresAt,
    taxPoint,
    funding: fundingFrom(row),
    ...(taxCode !== null && { taxCode }),
    ...(frozen && { frozen }),
    ...(reason !== undefined && { reason }),
    ...(law && { law }),
  };
}

function toBooked({ caller, shopId, staffId, ...row }: CommandRow): BookedCommand {
  return { ...row, by: callerOf({ caller, shopId }, staffId) };
}
