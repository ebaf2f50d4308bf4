import type { ReportRow } from '../../db/finance/report.js';
import type { Rows } from '../../service/finance/reports.js';
import { TooMany } from '../http/faults.js';

/** The first rows of a report, and whether there are more. @throws TooMany when too many read reports already */
export async function firstRows(
  asked: Promise<Rows | 'too_many'>,
  most: number,
): Promise<{ rows: readonly ReportRow[]; more: 'more' | 'no_more' }> {
  const batches = await asked;
  if (batches === 'too_many') throw new TooMany();
  const rows: ReportRow[] = [];
  for await (const batch of batches) {
    rows.push(...batch);
    if (rows.length > most) break;
  }
  return { rows: rows.slice(0, most), more: rows.length > most ? 'more' : 'no_more' };
}
