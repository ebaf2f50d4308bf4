import type { Sql } from '../../db/connect.js';
import { listAccountCodes, listBreakageRates, listLedgerSettings } from '../../db/finance/entered.js';
import { accounts as accountNames } from '../../domain/finance/accounts.js';
import type { BreakageMethod } from '../../domain/finance/breakage.js';
import { dateFormats, type LedgerSettings } from '../../domain/finance/ledger.js';
import { settingsWanted } from '../../domain/finance/ledgerSettings.js';
import { purposes } from '../../domain/payment/terms.js';
import { Failure } from '../../runtime/failure.js';
import {
  enterAccountCode,
  enterBreakageRate,
  enterLedgerSettings,
  entryRefusals,
  type EntryRefusal,
} from '../../service/finance/enter.js';
import { OPERATOR } from '../staffDesk.js';

export const USAGE = [
  'accounts list | accounts set <legal entity> <account> <code> [from day] [other entity]',
  'ledger list | ledger set <legal entity> xero <currency> <tax rate> [tracking category]',
  `ledger set <legal entity> netsuite <subsidiary> [${dateFormats.join('|')}]`,
  'ledger set <legal entity> datev <currency> <adviser> <client> [start of year, MM-DD] [account length]',
  `rates list | rates set <legal entity> <currency> <${purposes.join('|')}> <per cent|remote|left_out> <from month, YYYY-MM> <reason>`,
];

type Done = Promise<'unknown' | void>;

/** From which day on, when nothing is said: always. */
const ALWAYS = '1970-01-01';

export async function accounts(sql: Sql, [verb, ...words]: string[]): Done {
  if (verb === 'list' && words.length === 0) return show(await listAccountCodes(sql));
  if (verb !== 'set' || words.length < 3 || words.length > 5) return 'unknown';
  const [legalEntity = '', name = '', code = '', fromDay = ALWAYS, partner = ''] = words;
  const account = accountNames.find((each) => each === name);
  if (account === undefined) throw new Failure(`An account is one of ${accountNames.join(', ')}.`);
  tell(await enterAccountCode(sql, { legalEntity, account, code, fromDay, partner, enteredBy: OPERATOR }));
}

export async function rates(sql: Sql, [verb, ...words]: string[]): Done {
  if (verb === 'list' && words.length === 0) return show(await listBreakageRates(sql));
  if (verb !== 'set' || words.length !== 6) return 'unknown';
  const [legalEntity = '', currency = '', name = '', counted = '', month = '', reason = ''] = words;
  const purpose = purposes.find((each) => each === name);
  if (purpose === undefined) throw new Failure(`A purpose is one of ${purposes.join(', ')}.`);
  const entry = { legalEntity, currency, purpose, fromMonth: `${month}-01`, reason, enteredBy: OPERATOR };
  tell(await enterBreakageRate(sql, { ...entry, ...methodOf(counted) }));
}

/** `7.5` is 750 hundredths of a per cent, read without a float in between. */
function methodOf(text: string): { method: BreakageMethod; rateBasisPoints: number | null } {
  if (text === 'remote' || text === 'left_out') return { method: text, rateBasisPoints: null };
  const [, whole, decimals = ''] = /^(\d{1,2})(?:\.(\d{1,2}))?%?$/.exec(text) ?? [];
  if (whole === undefined) throw new Failure('A rate is in per cent, such as 7.5, or it is remote or left_out.');
  return { method: 'proportional', rateBasisPoints: Number(whole) * 100 + Number(decimals.padEnd(2, '0')) };
}

export async function ledger(sql: Sql, [verb, ...words]: string[]): Done {
  if (verb === 'list' && words.length === 0)
    return show((await listLedgerSettings(sql)).map(({ settings, ...entered }) => ({ ...entered, ...settings })));
  const [legalEntity, format, ...said] = words;
  if (verb !== 'set' || legalEntity === undefined) return 'unknown';
  const settings = settingsOf(format, said);
  if (!settings) return 'unknown';
  const entered = await enterLedgerSettings(sql, { legalEntity, settings, enteredBy: OPERATOR });
  if (entered !== 'entered' && entered !== 'entity_not_found') throw new Failure(settingsWanted[entered]);
  tell(entered);
}

function settingsOf(format: string | undefined, said: string[]): LedgerSettings | undefined {
  const [first, second, third] = said;
  if (format === 'xero' && first !== undefined && second !== undefined && said.length <= 3)
    return { format, currency: first, taxRate: second, trackingName: third };
  if (format === 'netsuite' && first !== undefined && said.length <= 2) {
    const dateFormat = dateFormats.find((each) => each === (second ?? dateFormats[0]));
    return dateFormat && { format, subsidiary: first, dateFormat };
  }
  if (format === 'datev' && first !== undefined && said.length >= 3 && said.length <= 5) {
    const [fiscalYearStart = '01-01', accountLength = '4'] = said.slice(3);
    const numbers = { adviser: Number(second), client: Number(third), accountLength: Number(accountLength) };
    return { format, currency: first, fiscalYearStart, ...numbers };
  }
  return undefined;
}

function tell(outcome: 'entered' | EntryRefusal): void {
  if (outcome !== 'entered') throw new Failure(entryRefusals[outcome]);
  console.log('Entered.');
}

function show(rows: readonly object[]): void {
  for (const row of rows)
    console.log(
      Object.entries(row)
        .filter(([, value]) => value !== '' && value !== null && value !== undefined)
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join('  '),
    );
}
