import type { Sql } from '../../db/connect.js';
import {
  listAccountCodes,
  listBreakageRates,
  listLedgerBalances,
  listLedgerSettings,
  listTaxRates,
} from '../../db/finance/entered.js';
import { accounts as accountNames } from '../../domain/finance/accounts.js';
import type { BreakageMethod } from '../../domain/finance/breakage.js';
import { controlAccounts } from '../../domain/finance/control.js';
import { dateFormats, type LedgerSettings } from '../../domain/finance/ledger.js';
import { sentenceOf } from '../../domain/finance/refusals.js';
import { readBasisPoints, readSignedAmount } from '../../domain/finance/typed.js';
import { purposes } from '../../domain/payment/terms.js';
import { Failure } from '../../runtime/failure.js';
import {
  enterAccountCode,
  enterBreakageRate,
  enterLedgerBalance,
  enterLedgerSettings,
  enterTaxRate,
  type Entering,
} from '../../service/finance/enter.js';
import { OPERATOR } from '../staffDesk.js';

export const USAGE = [
  'accounts list | accounts set <legal entity> <account> <code> [from day] [other entity]',
  'ledger list | ledger set <legal entity> xero <currency> <tax rate> [tracking category]',
  `ledger set <legal entity> netsuite <subsidiary> [${dateFormats.join('|')}]`,
  'ledger set <legal entity> datev <currency> <adviser> <client> [start of year, MM-DD] [account length]',
  `rates list | rates set <legal entity> <currency> <${purposes.join('|')}> <per cent|remote|left_out> <from month, YYYY-MM> <reason>`,
  'taxes list | taxes set <legal entity> <tax code> <per cent> [from day]',
  `balances list | balances set <legal entity> <${controlAccounts.join('|')}> <currency> <day> <balance, such as 1234.50>`,
];

type Done = Promise<'unknown' | void>;

/** From which day on, when nothing is said: always. */
const ALWAYS = '1970-01-01';

/** Of what was entered, the latest. */
const SHOWN = 1_000;

export async function accounts(sql: Sql, [verb, ...words]: string[]): Done {
  if (verb === 'list' && words.length === 0) return show(await listAccountCodes(sql, SHOWN));
  if (verb !== 'set' || words.length < 3 || words.length > 5) return 'unknown';
  const [legalEntity = '', name = '', code = '', fromDay = ALWAYS, partner = ''] = words;
  const account = accountNames.find((each) => each === name);
  if (account === undefined) throw new Failure(`An account is one of ${accountNames.join(', ')}.`);
  tell(await enterAccountCode(sql, { legalEntity, account, code, fromDay, partner, enteredBy: OPERATOR }));
}

export async function rates(sql: Sql, [verb, ...words]: string[]): Done {
  if (verb === 'list' && words.length === 0) return show(await listBreakageRates(sql, SHOWN));
  if (verb !== 'set' || words.length !== 6) return 'unknown';
  const [legalEntity = '', currency = '', name = '', counted = '', month = '', reason = ''] = words;
  const purpose = purposes.find((each) => each === name);
  if (purpose === undefined) throw new Failure(`A purpose is one of ${purposes.join(', ')}.`);
  const entry = {
    legalEntity,
    currency,
    purpose,
    fromMonth: `${month}-01`,
    reason: reason.normalize('NFC').trim(),
    enteredBy: OPERATOR,
  };
  tell(await enterBreakageRate(sql, { ...entry, ...methodOf(counted) }));
}

function methodOf(text: string): { method: BreakageMethod; rateBasisPoints: number | null } {
  if (text === 'remote' || text === 'left_out') return { method: text, rateBasisPoints: null };
  const rateBasisPoints = readBasisPoints(text);
  if (rateBasisPoints === undefined)
    throw new Failure('A rate is in per cent, such as 7.5, or it is remote or left_out.');
  return { method: 'proportional', rateBasisPoints };
}

export async function taxes(sql: Sql, [verb, ...words]: string[]): Done {
  if (verb === 'list' && words.length === 0) return show(await listTaxRates(sql, SHOWN));
  if (verb !== 'set' || words.length < 3 || words.length > 4) return 'unknown';
  const [legalEntity = '', taxCode = '', rate = '', fromDay = ALWAYS] = words;
  const rateBasisPoints = readBasisPoints(rate);
  if (rateBasisPoints === undefined) throw new Failure('A rate is in per cent, such as 19 or 7.5.');
  tell(await enterTaxRate(sql, { legalEntity, taxCode, rateBasisPoints, fromDay, enteredBy: OPERATOR }));
}

export async function balances(sql: Sql, [verb, ...words]: string[]): Done {
  if (verb === 'list' && words.length === 0) return show(await listLedgerBalances(sql, SHOWN));
  if (verb !== 'set' || words.length !== 5) return 'unknown';
  const [legalEntity = '', name = '', currency = '', day = '', typed = ''] = words;
  const account = controlAccounts.find((each) => each === name);
  if (account === undefined) throw new Failure(`An account is one of ${controlAccounts.join(', ')}.`);
  const balanceMinor = readSignedAmount(typed, currency, '.');
  if (balanceMinor === undefined) throw new Failure('A balance is an amount in its currency, such as 1234.50.');
  tell(await enterLedgerBalance(sql, { legalEntity, account, currency, day, balanceMinor, enteredBy: OPERATOR }));
}

export async function ledger(sql: Sql, [verb, ...words]: string[]): Done {
  if (verb === 'list' && words.length === 0)
    return show(
      (await listLedgerSettings(sql, SHOWN)).map(({ settings, ...entered }) => ({ ...entered, ...settings })),
    );
  const [legalEntity, format, ...said] = words;
  if (verb !== 'set' || legalEntity === undefined) return 'unknown';
  const settings = settingsOf(format, said);
  if (!settings) return 'unknown';
  tell(await enterLedgerSettings(sql, { legalEntity, settings, enteredBy: OPERATOR }));
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

function tell(outcome: Entering): void {
  if (outcome !== 'entered') throw new Failure(sentenceOf(outcome));
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
