import type { ReportRow } from '../../db/finance/report.js';
import { fieldOf, type Column } from '../../domain/finance/report.js';
import type { Reader } from '../http/reader.js';

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
    case 'count':
    case 'number':
      return formats.number(Number(value));
    case 'day':
      return formats.day(String(value));
    case 'instant':
      return formats.instant(String(value));
    case 'flag':
      return value === true ? texts.finance.yes : texts.finance.no;
    case 'text':
      return wordOf(column, String(value), reader);
  }
}

/** The words of closed lists are those of the other pages. */
function wordOf(column: string, value: string, { texts }: Reader): string {
  const words = listsOf(texts)[column];
  return (words as Readonly<Record<string, string>> | undefined)?.[value] ?? value;
}

function listsOf(texts: Reader['texts']): Readonly<Record<string, object>> {
  return {
    purpose: texts.purposes,
    type: texts.types,
    tender: texts.tenders,
    funding: texts.payment.fundings,
    source_funding: texts.payment.fundings,
    tax_point: texts.finance.taxPoints,
    category: texts.finance.categories,
    status: texts.statuses,
  };
}
