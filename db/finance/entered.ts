import type { Account } from '../../domain/finance/accounts.js';
import type { BreakageMethod } from '../../domain/finance/breakage.js';
import type { LedgerFormat, LedgerSettings } from '../../domain/finance/ledger.js';
import type { Purpose } from '../../domain/payment/terms.js';
import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';

/** What finance enters is kept with who and when, and an old month stays as it was handed over. */
type Entered = { readonly legalEntity: string; readonly enteredBy: string };

export type AccountCode = Entered & {
  readonly account: Account;
  /** The entity on the other side, of an account for that one alone; else empty. */
  readonly partner: string;
  readonly code: string;
  readonly fromDay: string;
};

export type BreakageRate = Entered & {
  readonly currency: string;
  readonly purpose: Purpose;
  readonly method: BreakageMethod;
  readonly rateBasisPoints: number | null;
  /** The first day of a month. */
  readonly fromMonth: string;
  readonly reason: string;
};

type At = { readonly enteredAt: Instant };

/** Returns whether it was entered: not for a day that was exported, nor for one before it. */
export async function insertAccountCode(sql: Sql, code: AccountCode): Promise<boolean> {
  return enter(sql, code.legalEntity, code.fromDay, () => sql`insert into finance.account_codes ${sql(code)}`);
}

/** Returns whether it was entered, as `insertAccountCode`. */
export async function insertBreakageRate(sql: Sql, rate: BreakageRate): Promise<boolean> {
  return enter(sql, rate.legalEntity, rate.fromMonth, () => sql`insert into finance.breakage_rates ${sql(rate)}`);
}

async function enter(
  sql: Sql,
  legalEntity: string,
  fromDay: string,
  insert: () => PromiseLike<unknown>,
): Promise<boolean> {
  const exported = await sql`
    select from finance.exported_days where legal_entity = ${legalEntity} and day >= ${fromDay}::date limit 1`;
  if (exported.length > 0) return false;
  await insert();
  return true;
}

export async function insertLedgerSettings(
  sql: Sql,
  { settings, ...entered }: Entered & { readonly settings: LedgerSettings },
): Promise<void> {
  const row = { ...entered, format: settings.format, settings: sql.json(settings) };
  await sql`insert into finance.ledger_settings ${sql(row)}`;
}

export async function findLedgerSettings(
  sql: Sql,
  legalEntity: string,
  format: LedgerFormat,
): Promise<LedgerSettings | undefined> {
  const [row] = await sql<{ settings: LedgerSettings }[]>`
    select settings from finance.ledger_settings
     where legal_entity = ${legalEntity} and format = ${format} order by entry_id desc limit 1`;
  return row?.settings;
}

/** All that was ever entered, the latest first. */
export async function listAccountCodes(sql: Sql): Promise<(AccountCode & At)[]> {
  return sql<(AccountCode & At)[]>`
    select legal_entity, account, partner, code, from_day::text as from_day, entered_by, entered_at
      from finance.account_codes order by entry_id desc`;
}

export async function listBreakageRates(sql: Sql): Promise<(BreakageRate & At)[]> {
  return sql<(BreakageRate & At)[]>`
    select legal_entity, currency, purpose, method, rate_basis_points, from_month::text as from_month, reason,
           entered_by, entered_at
      from finance.breakage_rates order by entry_id desc`;
}

export async function listLedgerSettings(sql: Sql): Promise<(Entered & At & { settings: LedgerSettings })[]> {
  return sql<(Entered & At & { settings: LedgerSettings })[]>`
    select legal_entity, settings, entered_by, entered_at from finance.ledger_settings order by entry_id desc`;
}
