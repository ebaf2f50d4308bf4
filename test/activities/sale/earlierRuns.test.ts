import { Client, Connection } from '@temporalio/client';
import { expect, test } from 'vitest';
import { wasCarriedOut } from '../../../activities/sale/earlierRuns.js';
import { freePort } from '../../../scripts/servers/ports.js';

test('a return is not taken for a new one because its earlier runs cannot be listed now', async () => {
  const connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
  const client = new Client({ connection });
  try {
    const asked = client.withDeadline(Date.now() + 1_000, () => wasCarriedOut(client, 'sale/main/S-1', 'back'));
    await expect(asked).rejects.toThrow('Failed to list workflows');
  } finally {
    await connection.close();
  }
});
