import type { Sql } from '../../db/connect.js';
import {
  insertAccountCode,
  insertBreakageRate,
  insertLedgerSettings,
  type AccountCode,
  type BreakageRate,
} from '../../db/finance/entered.js';
import { listShops } from '../../db/shops.js';
import { isAccountCode } from '../../domain/finance/accounts.js';
import type { LedgerSettings } from '../../domain/finance/ledger.js';
import { misfitOfSettings, settingsWanted } from '../../domain/finance/ledgerSettings.js';
import { isDay } from '../../domain/instants.js';
import { isCurrency } from '../../domain/money.js';

/** Why something was not entered. */
export const entryRefusals = {
  entity_not_found: 'No shop is of this legal entity.',
  unusable_code: 'The code of an account is 1 to 60 visible characters.',
  partner_not_allowed: 'Only the account between entities can be for one other entity.',
  unusable_day: 'A day is written 2026-11-29, and a month begins on its first.',
  unusable_currency: settingsWanted.currency,
  unusable_rate: 'A rate is more than 0 and less than 100 per cent, and only breakage in proportion has one.',
  unusable_reason: 'A reason is 1 to 500 letters.',
  days_exported: 'A day from then on was exported already: what was handed over stays as it was.',
} as const;
export type EntryRefusal = keyof typeof entryRefusals;

/** Says from which day on an account has a code. Nothing of before is changed. */
export async function enterAccountCode(sql: Sql, code: AccountCode): Promise<'entered' | EntryRefusal> {
  if (!(await isEntity(sql, code.legalEntity))) return 'entity_not_found';
  if (!isAccountCode(code.code)) return 'unusable_code';
  if (!isDay(code.fromDay)) return 'unusable_day';
  if (code.partner !== '' && code.account !== 'inter_entity') return 'partner_not_allowed';
  if (code.partner !== '' && !(await isEntity(sql, code.partner))) return 'entity_not_found';
  return (await insertAccountCode(sql, code)) ? 'entered' : 'days_exported';
}

/** Says from which month on how breakage is counted; what was earned before catches up in that month. */
export async function enterBreakageRate(sql: Sql, rate: BreakageRate): Promise<'entered' | EntryRefusal> {
  if (!(await isEntity(sql, rate.legalEntity))) return 'entity_not_found';
  if (!isCurrency(rate.currency)) return 'unusable_currency';
  if (!isDay(rate.fromMonth) || !rate.fromMonth.endsWith('-01')) return 'unusable_day';
  if ((rate.method === 'proportional') !== isRate(rate.rateBasisPoints)) return 'unusable_rate';
  if (rate.method !== 'proportional' && rate.rateBasisPoints !== null) return 'unusable_rate';
  if (rate.reason === '' || rate.reason.length > 500) return 'unusable_reason';
  return (await insertBreakageRate(sql, rate)) ? 'entered' : 'days_exported';
}

/** Says what the ledger of an entity wants to know, for exports from now on. */
export async function enterLedgerSettings(
  sql: Sql,
  entry: { readonly legalEntity: string; readonly enteredBy: string; readonly settings: LedgerSettings },
): Promise<'entered' | 'entity_not_found' | keyof typeof settingsWanted> {
  if (!(await isEntity(sql, entry.legalEntity))) return 'entity_not_found';
  const misfit = misfitOfSettings(entry.settings);
  if (misfit) return misfit;
  await insertLedgerSettings(sql, entry);
  return 'entered';
}

async function isEntity(sql: Sql, legalEntity: string): Promise<boolean> {
  return (await listShops(sql)).some((shop) => shop.legalEntity === legalEntity);
}

function isRate(basisPoints: number | null): boolean {
  return basisPoints !== null && Number.isInteger(basisPoints) && basisPoints >= 1 && basisPoints <= 9_999;
}
