import type { ReportRow } from '../../db/finance/report.js';
import { isListedColumn, type ListedColumn, type ListedValue } from '../../domain/finance/listed.js';
import { fieldOf, type Column } from '../../domain/finance/report.js';
import type { Reader } from '../http/reader.js';
import { personIn } from './person.js';

/** What a column, or a figure, is called: where nobody has said, by its own name. */
export function labelOf(column: string, { texts }: Reader): string {
  const { columns, params } = texts.finance;
  const field = fieldOf(column);
  return wordIn(columns, field) ?? wordIn(params, field) ?? column.replace(/_minor$/, '').replaceAll('_', ' ');
}

function wordIn(words: Readonly<Partial<Record<string, string>>>, field: string): string | undefined {
  return words[field];
}

/** A cell as people read it. */
export function written(row: ReportRow, column: string, { kind }: Column, reader: Reader): string {
  const value = row[fieldOf(column)] ?? null;
  const { formats, texts } = reader;
  if (value === null) return '';
  switch (kind) {
    case 'amount':
      return formats.money(Number(value), String(row['currency']));
    case 'number':
      if (column.endsWith('_basis_points')) return formats.rate(Number(value));
      return formats.number(Number(value));
    case 'count':
      return formats.number(Number(value));
    case 'day':
      return formats.day(String(value));
    case 'instant':
      return formats.instant(String(value));
    case 'flag':
      return value === true ? texts.finance.yes : texts.finance.no;
    case 'text':
      return column === 'entered_by' ? personIn(String(value)) : wordOf(column, String(value), reader);
  }
}

/** A value of a closed list in words, as the other pages have them; anything else as it is. */
function wordOf(column: string, value: string, { texts }: Reader): string {
  if (!isListedColumn(column)) return value;
  return wordsOf(texts)[column][value] ?? value;
}

type Named = Readonly<Record<string, string>>;
type Words = { readonly [Column in ListedColumn]: Readonly<Record<ListedValue<Column>, string>> & Named };

function wordsOf({ purposes, types, tenders, payment: { fundings }, finance }: Reader['texts']): Words {
  return {
    account: finance.accounts,
    act: finance.acts,
    category: finance.categories,
    credit: finance.accounts,
    debit: finance.accounts,
    funding: fundings,
    last_act: finance.customerActs,
    method: finance.methods,
    purpose: purposes,
    relation: finance.relations,
    since: finance.agesSince,
    source_funding: fundings,
    tax_point: finance.taxPoints,
    tender: tenders,
    type: types,
  };
}
