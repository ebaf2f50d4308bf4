import { connect, disconnect } from '../db/connect.js';
import { Failure } from '../runtime/failure.js';
import { databaseUrlOf } from './databaseUrl.js';
import { USAGE as OF_ENTRIES } from './finance/entries.js';
import { USAGE as OF_EXPORTS } from './finance/exports.js';
import { USAGE as OF_LOGINS } from './finance/login.js';
import { verbs } from './finance/verbs.js';
import { operate } from './operate.js';

const USAGE = `usage: ${[...OF_ENTRIES, ...OF_EXPORTS, ...OF_LOGINS].map((line) => `npm run finance -- ${line}`).join('\n       ')}`;

await operate(async (settings) => {
  const sql = connect(await databaseUrlOf(settings), { name: 'account-payments-finance', connections: 1 });
  try {
    const [verb, ...words] = process.argv.slice(2);
    const carryOut = Object.entries(verbs).find(([name]) => name === verb)?.[1];
    if (!carryOut || (await carryOut(sql, words)) === 'unknown') throw new Failure(USAGE);
  } finally {
    await disconnect(sql);
  }
});
