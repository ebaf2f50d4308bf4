import type { Sql } from '../../db/connect.js';
import { insertAccountCode, insertBreakageRate, insertTaxRate } from '../../db/finance/entered.js';
import { accounts } from '../../domain/finance/accounts.js';
import { shops } from './world.js';

const by = { enteredBy: 'generated' } as const;
const [nord, higashi] = ['Fahrrad Nord GmbH', 'Higashi KK'] as const;

/** One of them changes during the year, so that what is put back afterwards goes off at the rate of its sale. */
const taxRates = [
  { legalEntity: nord, taxCode: 'DE19', fromDay: '2007-01-01', rateBasisPoints: 1_900 },
  { legalEntity: nord, taxCode: 'DE7', fromDay: '1983-07-01', rateBasisPoints: 700 },
  { legalEntity: nord, taxCode: 'DE7', fromDay: '2025-07-01', rateBasisPoints: 500 },
  { legalEntity: higashi, taxCode: 'JP10', fromDay: '2019-10-01', rateBasisPoints: 1_000 },
  { legalEntity: higashi, taxCode: 'JP8', fromDay: '2019-10-01', rateBasisPoints: 800 },
] as const;

const ofCohorts = { purpose: 'prepayment', method: 'proportional', reason: 'cohorts of before' } as const;
const breakageRates = [
  { legalEntity: nord, currency: 'EUR', fromMonth: '2025-01-01', rateBasisPoints: 600, ...ofCohorts },
  { legalEntity: nord, currency: 'EUR', fromMonth: '2025-09-01', rateBasisPoints: 750, ...ofCohorts },
  { legalEntity: higashi, currency: 'JPY', fromMonth: '2025-01-01', rateBasisPoints: 400, ...ofCohorts },
] as const;

/** Rates of taxes and of breakage, and a code for each account, so that no report is spared its work. */
export async function enterRatesAndCodes(sql: Sql): Promise<void> {
  for (const rate of taxRates) await insertTaxRate(sql, { ...rate, ...by });
  for (const rate of breakageRates) await insertBreakageRate(sql, { ...rate, ...by });
  for (const legalEntity of new Set(shops.map((shop) => shop.legalEntity)))
    for (const [i, account] of accounts.entries())
      await insertAccountCode(sql, {
        legalEntity,
        account,
        partner: '',
        code: `${1000 + i}`,
        fromDay: '2025-01-01',
        ...by,
      });
}
