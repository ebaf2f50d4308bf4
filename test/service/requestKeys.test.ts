import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connect, disconnect, type Sql } from '../../db/connect.js';
import type { RequestKey } from '../../db/requestKeys.js';
import { freePort } from '../../scripts/servers/ports.js';
import { createRequestKeys, isRepeat } from '../../service/requestKeys.js';
import { createDatabase } from '../support/database.js';

let sql: Sql;
let serviceUrl: string;
beforeAll(async () => void ({ sql, serviceUrl } = await createDatabase(inject('postgresUrl'))));
afterAll(() => disconnect(sql));

const aKey = (): RequestKey => ({ requestId: randomUUID(), caller: 'till-1', requestHash: 'x', reference: null });
const service = (statementMs = 5_000, url = serviceUrl) =>
  connect(url, { name: 'test-keys', connections: 1, statementMs });

/** What is known of a key by those who ask in this way. */
async function known(asking: Sql, patienceMs = 10_000) {
  try {
    return (await createRequestKeys({ sql: asking, patienceMs })(aKey())).standing;
  } finally {
    await disconnect(asking);
  }
}

/** Nobody else gets at the keys meanwhile. */
const whileLocked = <Told>(work: () => Promise<Told>): Promise<Told> =>
  sql.begin(async (tx) => {
    await tx`lock table request_keys in access exclusive mode`;
    return work();
  }) as Promise<Told>;

const elsewhere = async (change: (url: URL) => unknown) => {
  const url = new URL(serviceUrl);
  await change(url);
  return service(5_000, url.href);
};

const outages: [what: string, ask: () => Promise<string>][] = [
  [
    'a pool that is closed',
    async () => {
      const closed = service();
      await disconnect(closed);
      return known(closed);
    },
  ],
  [
    'a server that nobody reaches',
    async () => {
      const port = await freePort();
      return known(await elsewhere((url) => (url.port = String(port))));
    },
  ],
  ['a database that is not there', async () => known(await elsewhere((url) => (url.pathname = '/gone')))],
  [
    'one that takes no writes',
    async () => known(await elsewhere((url) => url.searchParams.set('default_transaction_read_only', 'on'))),
  ],
  ['a statement that takes too long', () => whileLocked(() => known(service(100)))],
  ['a till that cannot wait so long', () => whileLocked(() => known(service(), 100))],
];

test.each(outages)('%s is an outage: nobody knows of a key, and tills go on', async (_, ask) => {
  expect(await ask()).toBe('unknown');
});

test('a key is known, and a bug is told and taken for no outage', async () => {
  expect(await known(service())).toBe('ours');
  await sql`alter table request_keys rename column request_hash to renamed`;
  const asking = service();
  await expect(createRequestKeys({ sql: asking, patienceMs: 10_000 })(aKey())).rejects.toMatchObject({ code: '42703' });
  await expect(isRepeat(asking, aKey())).rejects.toMatchObject({ code: '42703' });
  await disconnect(asking);
});
