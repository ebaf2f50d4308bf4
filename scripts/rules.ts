import { Client } from '@temporalio/client';
import { connect, disconnect } from '../db/connect.js';
import { findRulesOn, switchRulesOn } from '../db/rules.js';
import { areRulesKnown, rulesKnown } from '../domain/payment/rules.js';
import { Failure } from '../runtime/failure.js';
import { adoptRules } from './adoptRules.js';
import { databaseUrlOf } from './databaseUrl.js';
import { connectTemporal, operate } from './operate.js';

const USAGE = 'usage: npm run rules   or   npm run rules -- <number>';

/** Tells by which rules payments decide, or switches others on: for what is issued from now on and all that is open. */
await operate(async (settings) => {
  const [asked, ...more] = process.argv.slice(2);
  if (more.length > 0 || !/^\d{0,4}$/.test(asked ?? '')) throw new Failure(USAGE);
  const sql = connect(await databaseUrlOf(settings), { name: 'account-payments-rules', connections: 1 });
  try {
    if (asked === undefined) {
      const on = await findRulesOn(sql);
      for (const { number, brought } of rulesKnown)
        console.log(`${number === on ? 'on ' : '   '} ${number}: ${brought}`);
      return;
    }
    const rules = Number(asked);
    if (!areRulesKnown(rules)) throw new Failure(`Rules ${rules} are not known to this version.`);
    const connection = await connectTemporal(settings);
    try {
      await switchRulesOn(sql, rules);
      const client = new Client({ connection, namespace: settings.temporal.namespace });
      console.log(`Rules ${rules} are on. ${await adoptRules(client, rules)} open payments were told.`);
    } finally {
      await connection.close();
    }
  } finally {
    await disconnect(sql);
  }
});
