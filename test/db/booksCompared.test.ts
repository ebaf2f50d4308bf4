import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { BooksPutBack, onceCompared } from '../../db/booksCompared.js';
import { disconnect, type Sql } from '../../db/connect.js';
import { createDatabase } from '../support/database.js';

let sql: Sql;
beforeAll(async () => void ({ sql } = await createDatabase(inject('postgresUrl'), 'migrated')));
afterAll(() => disconnect(sql));

const promise = (reference: string) => {
  const row = { commandId: reference, reference, bodyHash: 'h', issuedAt: '2026-11-23T10:00:00Z', notes: null };
  return sql`insert into issue_reservations ${sql({ ...row, issue: sql.json({}) })}`;
};

test('books that were only just migrated promise nothing before somebody has looked at Temporal', async () => {
  await expect(promise('ACC-1')).rejects.toThrow('not been compared');
  // Their data may be restored into them, or Temporal may be older than they are.
  const looking = onceCompared(
    sql,
    () => Promise.resolve(['ACC-0']),
    () => promise('ACC-1'),
  );
  await expect(looking).rejects.toThrow(BooksPutBack);
  await expect(promise('ACC-1')).rejects.toThrow('not been compared');
});

test('of a Temporal that has no payment they lost none, and one look is enough', async () => {
  let looks = 0;
  const nothing = () => Promise.resolve(looks++ > 0 ? ['ACC-0'] : []);
  for (const reference of ['ACC-1', 'ACC-2']) await onceCompared(sql, nothing, () => promise(reference));
  expect(looks).toBe(1);
});
