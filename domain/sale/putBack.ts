import type { SaleRecord } from './sale.js';

/** An answer of a sale that the books have, and where it stands among all. */
export type Numbered = { readonly commandId: string; readonly number: number; readonly decidedAt: string };

/** An answer that they lost, and its place: before others that they have, or, with null, after all. */
export type Missing<Told> = { readonly record: Told; readonly number: number | null };

/**
 * What a sale answered and its books lost, each in the place where it was: right before the answer that followed it.
 * @param told what the sale's workflows told the books, in that order; one may have been told again
 * @param known what the books have of it, by number
 */
export function missingAnswers<Told extends Pick<SaleRecord, 'commandId' | 'at'>>(
  told: readonly Told[],
  known: readonly Numbered[],
): Missing<Told>[] {
  const places = new Map<string, number>();
  const answers = told.filter(({ commandId }) => {
    if (places.has(commandId)) return false;
    places.set(commandId, places.size);
    return true;
  });
  const isKnown = new Set(known.map(({ commandId }) => commandId));
  const taken = new Map<number, number>();
  const missing: Missing<Told>[] = [];
  // From the last one on: each comes right before the one that was placed before that answer last.
  for (const record of answers.filter(({ commandId }) => !isKnown.has(commandId)).reverse()) {
    const next = known.find((each) => follows(each, record, places))?.number;
    const number = next === undefined ? null : (taken.get(next) ?? next) - 1;
    if (next !== undefined && number !== null) taken.set(next, number);
    missing.unshift({ record, number });
  }
  return missing;
}

/** Whether it was answered later; what no workflow told any more, or not yet, has its moment. */
function follows(
  { commandId, decidedAt }: Numbered,
  record: Pick<SaleRecord, 'commandId' | 'at'>,
  places: ReadonlyMap<string, number>,
): boolean {
  const place = places.get(commandId);
  return place === undefined ? decidedAt > record.at : place > (places.get(record.commandId) ?? 0);
}
