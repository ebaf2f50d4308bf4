import type { Sql } from '../../db/connect.js';
import { readMovements, readReport, type Cell, type ReportParams, type ReportRow } from '../../db/finance/report.js';
import type { ReportName } from '../../domain/finance/reports.js';

/** Some rows at a time, the first of them there already. Whoever stops reading ends the query. */
export type Rows = AsyncGenerator<readonly ReportRow[], void>;

/** Finance's reports, so many at once and no more: each holds a connection for as long as somebody reads it. */
export type Reports = {
  readonly report: (name: ReportName, params: ReportParams) => Promise<Rows | 'too_many'>;
  readonly movements: (name: ReportName, params: ReportParams, cell: Cell) => Promise<Rows | 'too_many'>;
};

export const REPORTS_AT_ONCE = 3;
/** Whoever takes longer to take some rows has gone to sleep. */
const READER_MS = 60_000;

export function createReports({ sql, readerMs = READER_MS }: { sql: Sql; readerMs?: number }): Reports {
  let open = 0;
  return {
    report: (name, params) => opened(() => readReport(sql, name, params)),
    movements: (name, params, cell) => opened(() => readMovements(sql, name, params, cell)),
  };

  async function opened(read: () => AsyncIterable<ReportRow[]>): Promise<Rows | 'too_many'> {
    if (open >= REPORTS_AT_ONCE) return 'too_many';
    open += 1;
    const rows = read()[Symbol.asyncIterator]();
    const close = async () => {
      open -= 1;
      await rows.return?.();
    };
    try {
      const first = await rows.next();
      return handedOn(first, rows, close);
    } catch (error) {
      open -= 1;
      throw error;
    }
  }

  function handedOn(
    first: IteratorResult<ReportRow[], unknown>,
    rows: AsyncIterator<ReportRow[], unknown>,
    close: () => Promise<void>,
  ): Rows {
    let closed: Promise<void> | undefined;
    const closeOnce = () => (closed ??= close());
    // Nobody may ever begin to take them.
    let asleep = setTimeout(() => void closeOnce(), readerMs);
    const generator = (async function* () {
      try {
        for (let next = first; next.done !== true && closed === undefined; next = await rows.next()) {
          clearTimeout(asleep);
          asleep = setTimeout(() => void closeOnce(), readerMs);
          yield next.value;
        }
        if (closed !== undefined) throw new Error('nobody took the rows of a report');
      } finally {
        clearTimeout(asleep);
        await closeOnce();
      }
    })();
    return generator;
  }
}
