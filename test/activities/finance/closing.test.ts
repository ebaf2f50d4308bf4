import { MockActivityEnvironment } from '@temporalio/testing';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createClosingActivities } from '../../../activities/finance/closing.js';
import { disconnect, type Sql } from '../../../db/connect.js';
import { listCloses } from '../../../db/finance/closes.js';
import type { DaysClosed } from '../../../domain/finance/closing.js';
import { instantOf } from '../../../domain/instants.js';
import { DAY_MS } from '../../domain/payment/build.js';
import { at, openShops, payment } from '../../db/finance/books.js';
import { createDatabase } from '../../support/database.js';

let sql: Sql;
beforeAll(async () => {
  ({ sql } = await createDatabase(inject('postgresUrl')));
  await openShops(sql);
  const lately = instantOf(Date.now() - 4 * DAY_MS);
  await payment(sql, lately).record();
  await payment(sql, lately, at('newyork')).record();
});
afterAll(() => disconnect(sql));

test('a shop whose days cannot be closed now keeps no other one open, and is closed the next time', async () => {
  const client = new Client({ connection: Connection.lazy() });
  const { closeDaysInBooks } = createClosingActivities({ sql, client });
  const closeDays = () =>
    new MockActivityEnvironment().run<[null], DaysClosed, typeof closeDaysInBooks>(closeDaysInBooks, null);
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock_shared(hashtextextended('books of Nord GmbH', 0))`;
    await expect(closeDays()).rejects.toThrow('RecordsUnavailable');
  });
  expect((await listCloses(sql, { shopId: 'newyork' })).length).toBeGreaterThan(0);
  expect(await listCloses(sql, { shopId: 'berlin' })).toEqual([]);
  expect((await closeDays()).heads.map(({ legalEntity }) => legalEntity)).toEqual(['Nord GmbH', 'West Inc']);
});
