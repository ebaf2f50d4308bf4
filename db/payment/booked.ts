import type { By, Issue, Origin } from '../../domain/payment/command.js';
import type { BookedCommand } from '../../domain/payment/restore.js';
import type { Sql } from '../connect.js';
import { findAccountPayment, type AccountPaymentRow } from './accountPayments.js';
import { listCommands, type CommandRow } from './commands.js';
import { listMovements } from './movements.js';

/** All that the books have of a payment: what was issued, and every command after that. */
export type Booked = { readonly issue: Issue; readonly commands: readonly BookedCommand[] };

const PAGE = 1_000;

export async function findBooked(sql: Sql, reference: string): Promise<Booked | undefined> {
  const row = await findAccountPayment(sql, reference);
  const [issued, ...commands] = row ? await allCommands(sql, reference) : [];
  const [first] = await listMovements(sql, reference, { afterSequence: 0, limit: 1 });
  if (!row || !issued || !first) return undefined;
  const origin = originOf(row, first.saleId, first.counterpart);
  return { issue: issueOf(row, issued, origin), commands: commands.map(toBooked) };
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

function issueOf(row: AccountPaymentRow, { commandId, details }: CommandRow, origin: Origin | undefined): Issue {
  const { reference, customerId, type, productId, purpose, currency, amountMinor, issuedAt, createdBy } = row;
  const { expiresAt, frozen } = details as Pick<Issue, 'expiresAt' | 'frozen'>;
  const scope =
    type === 'product_specific' && productId !== null ? { type, productId } : ({ type: 'generic' } as const);
  const terms = { reference, customerId, scope, purpose, currency, amountMinor, issuedAt, by: createdBy };
  return { kind: 'issue', commandId, ...terms, expiresAt, ...(origin && { origin }), ...(frozen && { frozen }) };
}

function originOf({ replaces, giftId }: AccountPaymentRow, saleId: string | null, counterpart: string | null) {
  if (replaces !== null && saleId !== null) return { kind: 'replacement', replaces, saleId } as const;
  if (giftId !== null && counterpart !== null) return { kind: 'gift', giftId, from: counterpart } as const;
  return undefined;
}

function toBooked({ caller, staffId, ...row }: CommandRow): BookedCommand {
  const by: By = { caller, ...(staffId !== null && { staffId }) };
  return { ...row, by };
}
