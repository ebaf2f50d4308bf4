import { once } from 'node:events';
import { finished } from 'node:stream/promises';
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
    await copy(tx, 'account_payments', payments);
    await copy(tx, 'commands', commands);
    await copy(tx, 'movements', movements);
    await copy(tx, 'issue_reservations', lives.map(reservationRow));
    await copy(
      tx,
      'sale_commands',
      lives.flatMap(({ answers }) => answers.map(saleRow)),
    );
    await copy(
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

function saleRow({ by, at, requestId: _, lines, ...row }: SaleRecord): Row {
  const { caller, shopId, staffId = null } = by;
  // An array in a column of JSON.
  const basket = lines === null ? null : JSON.stringify(lines);
  return { ...row, lines: basket, caller, staffId, shopId, decidedAt: at, recordedAt: at };
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

async function copy(sql: Sql, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const named = columns.map((column) => column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  const into = await sql.unsafe(`copy ${table} (${named.join(', ')}) from stdin`).writable();
  for (const row of rows) {
    const line = `${columns.map((column) => cellOf(row[column])).join('\t')}\n`;
    if (!into.write(line)) await once(into, 'drain');
  }
  into.end();
  await finished(into);
}

/** As the text format of COPY has it. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  const text = Array.isArray(value) ? `{${value.join(',')}}` : asText(value);
  return text.replace(/[\\\n\r\t]/g, (sign) => ({ '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' })[sign] ?? sign);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
