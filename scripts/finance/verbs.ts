import { accounts, balances, ledger, rates, taxes } from './entries.js';
import { exportDays, listMade } from './exports.js';
import { addLogin } from './login.js';

/** What `npm run finance` carries out; one that it cannot read is unknown to it. */
export const verbs = {
  accounts,
  ledger,
  rates,
  taxes,
  balances,
  export: exportDays,
  exports: listMade,
  login: addLogin,
} as const;
