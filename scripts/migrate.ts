import { connect, disconnect } from '../db/connect.js';
import { migrate } from '../db/migrate.js';
import { requireDatabase } from '../runtime/settings.js';
import { ensureAdminKey, tellReplaced } from './adminKey.js';
import { ensureMainShop } from './mainShop.js';
import { operate } from './operate.js';

await operate(async (settings) => {
  const sql = connect(settings.databaseOwnerUrl ?? requireDatabase(settings), {
    name: 'account-payments-migrate',
    connections: 1,
    warn: (sentence) => console.log(sentence),
  });
  try {
    const applied = await migrate(sql);
    console.log(applied.length === 0 ? 'Nothing to migrate.' : `Migrated: ${applied.join(', ')}`);
    await ensureMainShop(sql, settings);
    if (settings.adminKey !== undefined)
      tellReplaced(await ensureAdminKey(sql, settings.adminKey)).forEach((line) => console.log(line));
  } finally {
    await disconnect(sql);
  }
});
