import type { Client } from '@temporalio/client';
import { recordedRevisions } from '../../db/payment/accountPayments.js';
import type { Sql } from '../../db/connect.js';
import { bookedPayments } from '../../db/reconciliation/booked.js';
import { withoutReservation, type Compared } from '../../db/reconciliation/references.js';
import { compare } from '../../domain/reconciliation/compare.js';
import type { Difference } from '../../domain/reconciliation/difference.js';
import { inParallel } from '../inParallel.js';
import type { Told } from '../../domain/reconciliation/told.js';
import { readTold } from './readTold.js';

export type Looking = { readonly client: Client; readonly sql: Sql };

/**
 * Compares these payments with their workflows, once. The books are read first: what they have, a workflow decided
 * before.
 * @param atOnce how many histories are read side by side
 */
export async function look({ client, sql }: Looking, all: readonly Compared[], atOnce = 4): Promise<Difference[]> {
  const references = all.map(({ reference }) => reference);
  const booked = await bookedPayments(sql, references);
  const told = await inParallel(atOnce, all.length, async (i) => {
    const { reference, isRecent } = all[i] as Compared;
    return isRecent ? readTold(client, reference) : null;
  });
  // Last: whoever starts a workflow has promised its reference before.
  const unpromised = await withoutReservation(sql, references);
  const found = references.map((reference, i) =>
    compare(
      reference,
      {
        booked: booked.get(reference) ?? null,
        reservation: unpromised.has(reference) ? 'missing' : 'there',
      },
      told[i] ?? null,
      Date.now(),
    ),
  );
  const isLate = await recordedMeanwhile(sql, references, told);
  return found.flat().filter(({ reference, kind }) => !isLate.has(reference) || !isOfLag(kind));
}

function isOfLag(kind: Difference['kind']): boolean {
  return kind === 'row_behind' || kind === 'row_missing';
}

/** Of which the books have by now what they had said to have: it was recorded between the two readings. */
async function recordedMeanwhile(
  sql: Sql,
  references: readonly string[],
  told: readonly (Told | null)[],
): Promise<Set<string>> {
  const rows = await recordedRevisions(sql, [...references]);
  const revisions = new Map(rows.map(({ reference, revision }) => [reference, revision]));
  return new Set(
    references.filter((reference, i) => {
      const confirmed = told[i]?.confirmedRevision ?? 0;
      return told[i]?.ending !== 'gone' && confirmed > 0 && (revisions.get(reference) ?? 0) >= confirmed;
    }),
  );
}
