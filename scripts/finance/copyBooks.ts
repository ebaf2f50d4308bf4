import type { JSONValue } from 'postgres';
import type { Sql } from '../../db/connect.js';
import { toCommandRow } from '../../db/payment/commands.js';
import { toMovementRows } from '../../db/payment/movements.js';
import { bodyHash } from '../../domain/payment/command.js';
import { factsOf } from '../../domain/payment/funding.js';
import { productOf } from '../../domain/payment/payment.js';
import type { CommandRecord, State } from '../../domain/payment/state.js';
import type { SaleRecord } from '../../domain/sale/sale.js';
import type { Life } from './life.js';
import type { Random } from './random.js';

type Row = Readonly<Record<string, unknown>>;

/** Writes what these payments decided as the recorder would have, all constraints on, in one transaction. */
export async function copyBooks(sql: Sql, lives: readonly Life[], random: Random): Promise<void> {
  const payments = lives.map(({ state }) => paymentRow(state));
  const recorded = lives.flatMap(({ state }) =>
    state.outbox.map((record) => ({
      reference: state.payment.terms.reference,
      record,
      recordedAt: late(record, random),
    })),
  );
  const commands = recorded.map(({ reference, record, recordedAt }) => ({
    reference,
    runId: 'generated',
    recordedAt,
    ...toCommandRow(record),
  }));
  const movements = recorded.flatMap(({ reference, record, recordedAt }) =>
    toMovementRows(record).map((row) => ({ reference, recordedAt, ...row })),
  );
  await sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    // Fresh books have nothing to be compared with: what is written here no actor knows.
    await tx`set local books.putting_back = 'on'`;
    await insert(tx, 'account_payments', payments);
    await insert(tx, 'commands', commands);
    await insert(tx, 'movements', movements);
    await insert(tx, 'issue_reservations', lives.map(reservationRow));
    await insert(
      tx,
      'sale_commands',
      lives.flatMap(({ answers }) => answers.map(saleRow)),
    );
    await insert(
      tx,
      'kept_fees',
      lives.flatMap(({ keptFees }) => keptFees.map(feeRow)),
    );
  });
}

function paymentRow({ payment, outbox }: State): Row {
  const { terms, revision } = payment;
  const { scope, by, funding } = terms;
  const after = outbox.at(-1)?.after;
  if (!after) throw new Error('a payment without its issue');
  return {
    reference: terms.reference,
    customerId: terms.customerId,
    type: scope.type,
    productId: productOf(scope),
    purpose: terms.purpose,
    currency: terms.currency,
    amountMinor: terms.amountMinor,
    issuedAt: terms.issuedAt,
    shopId: by.shopId,
    createdBy: by.caller,
    staffId: by.staffId ?? null,
    taxPoint: terms.taxPoint,
    taxCode: terms.taxCode ?? null,
    ...factsOf(funding),
    ...after,
    revision,
  };
}

function reservationRow({ issue }: Life): Row {
  const { commandId, reference, issuedAt, funding, amountMinor } = issue;
  const promise = issue.promise ?? { bodyHash: bodyHash(issue) };
  const returned = funding.kind === 'replacement' && funding.origin === 'return' ? funding : undefined;
  return {
    commandId,
    reference,
    bodyHash: promise.bodyHash,
    issuedAt,
    issue: { ...issue, promise },
    replaces: returned?.replaces ?? null,
    saleShopId: returned?.saleShopId ?? null,
    saleId: returned?.saleId ?? null,
    amountMinor: returned ? amountMinor : null,
    keptMinor: promise.keptMinor ?? 0,
  };
}

function saleRow({ by, at, requestId: _, ...row }: SaleRecord): Row {
  const { caller, shopId, staffId = null } = by;
  return { ...row, caller, staffId, shopId, decidedAt: at, recordedAt: at };
}

function feeRow({ by, keptAt, ...fee }: Life['keptFees'][number]): Row {
  const { caller, shopId, staffId = null } = by;
  return { ...fee, caller, shopId, staffId, recordedAt: keptAt };
}

/** Most records follow at once, one of fifty after hours, one of five hundred after days. */
function late({ at }: CommandRecord, random: Random): string {
  const delayMs = random.chance(0.002)
    ? random.whole(1, 9) * 86_400_000
    : random.chance(0.02)
      ? random.whole(1, 36) * 3_600_000
      : 200;
  return new Date(Date.parse(at) + delayMs).toISOString();
}

/** One statement a table, which a refusal ends; a stream of COPY is never told that what it sent was refused. */
async function insert(sql: Sql, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = sql(Object.keys(first).map(inSnakeCase));
  const named = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, cell]) => [inSnakeCase(key), cell])),
  );
  await sql`
    insert into ${sql(table)} (${columns})
    select ${columns} from jsonb_populate_recordset(null::${sql(table)}, ${sql.json(named as JSONValue[])})`;
}

function inSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
