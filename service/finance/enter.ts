import type { Sql } from '../../db/connect.js';
import {
  insertAccountCode,
  insertBreakageRate,
  insertLedgerBalance,
  insertLedgerSettings,
  insertTaxRate,
  type AccountCode,
  type BreakageRate,
  type EnteredSettings,
  type LedgerBalance,
  type RateEntering,
  type TaxRate,
} from '../../db/finance/entered.js';
import { listShops } from '../../db/shops.js';
import { isAccountCode } from '../../domain/finance/accounts.js';
import { misfitOfSettings } from '../../domain/finance/ledgerSettings.js';
import type { EntryRefusal } from '../../domain/finance/refusals.js';
import { isReason, isTaxCode } from '../../domain/ids.js';
import { isDay } from '../../domain/instants.js';
import { isCurrency } from '../../domain/money.js';

export type Entering = 'entered' | EntryRefusal;

/** Says from which day on an account has a code. Nothing of before is changed. */
export async function enterAccountCode(sql: Sql, code: AccountCode): Promise<Entering> {
  if (!(await isEntity(sql, code.legalEntity))) return { code: 'entity_not_found' };
  if (!isAccountCode(code.code)) return { code: 'unusable_code' };
  if (!isDay(code.fromDay)) return { code: 'unusable_day' };
  if (code.partner !== '' && code.account !== 'inter_entity') return { code: 'partner_not_allowed' };
  if (code.partner !== '' && !(await isEntity(sql, code.partner))) return { code: 'entity_not_found' };
  return (await insertAccountCode(sql, code)) ? 'entered' : { code: 'days_exported' };
}

/** Says from which day on a tax code has a rate; not for what is closed. */
export async function enterTaxRate(sql: Sql, rate: TaxRate): Promise<Entering> {
  if (!(await isEntity(sql, rate.legalEntity))) return { code: 'entity_not_found' };
  if (!isTaxCode(rate.taxCode)) return { code: 'unusable_tax_code' };
  if (!isDay(rate.fromDay)) return { code: 'unusable_day' };
  if (!isBasisPoints(rate.rateBasisPoints, 0, 10_000)) return { code: 'unusable_tax_rate' };
  return toldOf(await insertTaxRate(sql, rate));
}

/** Says from which month on how breakage is counted; what was earned before catches up in that month. */
export async function enterBreakageRate(sql: Sql, rate: BreakageRate): Promise<Entering> {
  if (!(await isEntity(sql, rate.legalEntity))) return { code: 'entity_not_found' };
  if (!isCurrency(rate.currency)) return { code: 'unusable_currency' };
  if (!isDay(rate.fromMonth) || !rate.fromMonth.endsWith('-01')) return { code: 'unusable_day' };
  const isRate = rate.rateBasisPoints !== null && isBasisPoints(rate.rateBasisPoints, 1, 9_999);
  if (rate.method === 'proportional' ? !isRate : rate.rateBasisPoints !== null) return { code: 'unusable_rate' };
  if (!isReason(rate.reason)) return { code: 'unusable_reason' };
  return toldOf(await insertBreakageRate(sql, rate));
}

/** Says what the ledger has in an account that holds what is owed, at the end of a day. The latest one counts. */
export async function enterLedgerBalance(sql: Sql, balance: LedgerBalance): Promise<Entering> {
  if (!(await isEntity(sql, balance.legalEntity))) return { code: 'entity_not_found' };
  if (!isCurrency(balance.currency)) return { code: 'unusable_currency' };
  if (!isDay(balance.day)) return { code: 'unusable_day' };
  if (!Number.isSafeInteger(balance.balanceMinor)) return { code: 'unusable_balance' };
  await insertLedgerBalance(sql, balance);
  return 'entered';
}

/** Says what the ledger of an entity wants to know, for exports from now on. */
export async function enterLedgerSettings(sql: Sql, entry: EnteredSettings): Promise<Entering> {
  if (!(await isEntity(sql, entry.legalEntity))) return { code: 'entity_not_found' };
  const setting = misfitOfSettings(entry.settings);
  if (setting) return { code: 'unusable_settings', setting };
  await insertLedgerSettings(sql, entry);
  return 'entered';
}

function toldOf(entering: RateEntering): Entering {
  return entering === 'entered' ? entering : { code: entering };
}

async function isEntity(sql: Sql, legalEntity: string): Promise<boolean> {
  return (await listShops(sql)).some((shop) => shop.legalEntity === legalEntity);
}

function isBasisPoints(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
