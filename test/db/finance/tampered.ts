import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Sql } from '../../../db/connect.js';
import { verifyIn } from '../../../db/finance/verifyCloses.js';
import type { Difference } from '../../../domain/finance/proof.js';

const auditorsQuery = await readFile(
  fileURLToPath(new URL('../../../scripts/finance/audit.sql', import.meta.url)),
  'utf8',
);

/** What verifying names of the books as they are, which is what the auditor's query names. */
export async function found(sql: Sql): Promise<string[]> {
  return foundAfter(sql);
}

/** The same after these were carried out with triggers and constraints off; they are taken back. */
export async function foundAfter(sql: Sql, ...statements: readonly string[]): Promise<string[]> {
  const undone = new Error('undone');
  let told: string[] = [];
  await sql
    .begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      for (const statement of statements) expect((await tx.unsafe(statement)).count, statement).toBeGreaterThan(0);
      const [verified, audited] = [await verifyIn(tx as unknown as Sql), await tx.unsafe<Difference[]>(auditorsQuery)];
      told = named(verified);
      expect(named(audited)).toEqual(told);
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  return told;
}

function named(differences: readonly Difference[]): string[] {
  return differences
    .map(({ difference, legalEntity, position, reference, sequence }) =>
      [difference, legalEntity, position, reference, sequence].filter((part) => part !== null).join(' '),
    )
    .sort();
}
