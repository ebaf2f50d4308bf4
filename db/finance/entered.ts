import type { Account } from '../../domain/finance/accounts.js';
import type { BreakageMethod } from '../../domain/finance/breakage.js';
import type { ControlAccount } from '../../domain/finance/control.js';
import type { LedgerFormat, LedgerSettings } from '../../domain/finance/ledger.js';
import type { Purpose } from '../../domain/payment/terms.js';
import type { Instant } from '../../domain/instants.js';
import type { Sql } from '../connect.js';
import { lockExports, shareBooks } from './locks.js';

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

export type TaxRate = Entered & {
  readonly taxCode: string;
  readonly rateBasisPoints: number;
  readonly fromDay: string;
};

export type LedgerBalance = Entered & {
  readonly account: ControlAccount;
  readonly currency: string;
  readonly day: string;
  /** Positive for what is owed. */
  readonly balanceMinor: number;
};

export type EnteredSettings = Entered & { readonly settings: LedgerSettings };

type At = { readonly enteredAt: Instant };

/** Returns whether it was entered: not when another code counts on a day from then on that was exported. */
export async function insertAccountCode(sql: Sql, code: AccountCode): Promise<boolean> {
  const { legalEntity, account, partner, fromDay } = code;
  return enter(sql, legalEntity, async (tx) => {
    const handedOver = await tx`
      select from finance.exported_days d
       where d.legal_entity = ${legalEntity} and d.day >= ${fromDay}::date
         and exists (select from finance.account_codes c
                      where c.legal_entity = d.legal_entity and c.account = ${account} and c.partner in ('', ${partner})
                        and c.from_day <= d.day)
       limit 1`;
    if (handedOver.length === 0) await tx`insert into finance.account_codes ${tx(code)}`;
    return handedOver.length === 0;
  });
}

/** What was told of days stays as it was told: those of a closed month, and those that were exported. */
export type RateEntering = 'entered' | 'month_closed' | 'days_exported';

/** Not from a closed month on, nor when a day from then on was exported in its currency. */
export async function insertBreakageRate(sql: Sql, rate: BreakageRate): Promise<RateEntering> {
  const { legalEntity, currency, fromMonth } = rate;
  return enterRate(
    sql,
    { legalEntity, fromDay: fromMonth, currency },
    (tx) => tx`insert into finance.breakage_rates ${tx(rate)}`,
  );
}

/** Not from a day of a closed month on, nor when one from then on was exported in whatever currency. */
export async function insertTaxRate(sql: Sql, rate: TaxRate): Promise<RateEntering> {
  const { legalEntity, fromDay } = rate;
  return enterRate(
    sql,
    { legalEntity, fromDay, currency: null },
    (tx) => tx`insert into finance.tax_rates ${tx(rate)}`,
  );
}

async function enterRate(
  sql: Sql,
  { legalEntity, fromDay, currency }: { legalEntity: string; fromDay: string; currency: string | null },
  insert: (tx: Sql) => Promise<unknown>,
): Promise<RateEntering> {
  return enter(sql, legalEntity, async (tx) => {
    await shareBooks(tx, legalEntity);
    const closed = await tx`
      select from finance.closed_through
       where legal_entity = ${legalEntity} and shop_id = '' and day >= ${fromDay}::date`;
    if (closed.length > 0) return 'month_closed';
    const handedOver = await tx`
      select from finance.exported_days
       where legal_entity = ${legalEntity} and day >= ${fromDay}::date and currency = coalesce(${currency}, currency)
       limit 1`;
    if (handedOver.length > 0) return 'days_exported';
    await insert(tx);
    return 'entered';
  });
}

/** Nobody exports days of this entity meanwhile. */
async function enter<T>(sql: Sql, legalEntity: string, insert: (tx: Sql) => Promise<T>): Promise<T> {
  const entered = await sql.begin(async (transaction) => {
    const tx = transaction as unknown as Sql;
    await lockExports(tx, legalEntity);
    return { told: await insert(tx) };
  });
  return entered.told;
}

export async function insertLedgerBalance(sql: Sql, balance: LedgerBalance): Promise<void> {
  await sql`insert into finance.ledger_balances ${sql(balance)}`;
}

export async function insertLedgerSettings(sql: Sql, { settings, ...entered }: EnteredSettings): Promise<void> {
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

/** The latest first, and of those so many. */
export async function listAccountCodes(sql: Sql, limit: number): Promise<(AccountCode & At)[]> {
  return sql<(AccountCode & At)[]>`
    select legal_entity, account, partner, code, from_day::text as from_day, entered_by, entered_at
      from finance.account_codes order by entry_id desc limit ${limit}`;
}

export async function listTaxRates(sql: Sql, limit: number): Promise<(TaxRate & At)[]> {
  return sql<(TaxRate & At)[]>`
    select legal_entity, tax_code, rate_basis_points, from_day::text as from_day, entered_by, entered_at
      from finance.tax_rates order by entry_id desc limit ${limit}`;
}

export async function listBreakageRates(sql: Sql, limit: number): Promise<(BreakageRate & At)[]> {
  return sql<(BreakageRate & At)[]>`
    select legal_entity, currency, purpose, method, rate_basis_points, from_month::text as from_month, reason,
           entered_by, entered_at
      from finance.breakage_rates order by entry_id desc limit ${limit}`;
}

export async function listLedgerBalances(sql: Sql, limit: number): Promise<(LedgerBalance & At)[]> {
  return sql<(LedgerBalance & At)[]>`
    select legal_entity, account, currency, day::text as day, balance_minor, entered_by, entered_at
      from finance.ledger_balances order by entry_id desc limit ${limit}`;
}

export async function listLedgerSettings(sql: Sql, limit: number): Promise<(EnteredSettings & At)[]> {
  return sql<(EnteredSettings & At)[]>`
    select legal_entity, settings, entered_by, entered_at
      from finance.ledger_settings order by entry_id desc limit ${limit}`;
}
