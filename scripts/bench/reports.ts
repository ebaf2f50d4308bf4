import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, disconnect, type Sql } from '../../db/connect.js';
import { readMovements, readReport, type ReportParams, type ReportRow } from '../../db/finance/report.js';
import { migrate } from '../../db/migrate.js';
import { fieldOf } from '../../domain/finance/report.js';
import { columnsOf, movementColumns, reportNames, reports, type ReportName } from '../../domain/finance/reports.js';
import { Failure } from '../../runtime/failure.js';
import { runOnce } from '../../runtime/runOnce.js';
import { asCsv } from '../../service/finance/file.js';
import { A_WHOLE_YEAR, generateYear } from '../finance/generateYear.js';
import { temporaryFolder } from '../servers/ownFolder.js';
import { freePort } from '../servers/ports.js';
import { startPostgres } from '../servers/postgres.js';
import { postgresUser } from '../servers/postgresHome.js';
import { explaining, indexesOf } from './explaining.js';

const RUNS = 3;

const said: ReportParams = { from_day: '2025-01-01', to_day: '2025-12-31', months: 6, within_days: 90 };

const flows = columnsOf('roll_forward')
  .map(([column]) => column)
  .filter(
    (column) =>
      /_minor$/.test(column) && !/^(opening|closing|held|frozen)_|_(cash|card|transfer|other)_minor$/.test(column),
  );

/** What each report costs over a generated year, what its plans read by, and whether what it says adds up. */
await runOnce(async () => {
  const folder = await temporaryFolder('account-payments-reports', await postgresUser());
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), port: await freePort() });
  const sql = connect(postgres.url, { name: 'reports', connections: 1 });
  try {
    await migrate(sql);
    const [payments = A_WHOLE_YEAR.payments, movements = payments * 5] = process.argv.slice(2).map(Number);
    console.log(`Living a year of ${payments} payments and ${movements} movements ...`);
    await generateYear(sql, { payments, movements });
    const table = [];
    for (const name of reportNames) table.push(await measured(sql, postgres.url, name));
    console.table(table);
    console.log(await rolledForward(sql));
    console.log(await streamed(sql));
  } finally {
    await disconnect(sql);
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

function paramsOf(name: ReportName): ReportParams {
  return Object.fromEntries(
    reports[name].params.flatMap(({ name: param, kind }): [string, string | number][] => {
      const asOf = param !== 'as_of' ? undefined : kind === 'instant' ? '2026-01-01T12:00:00Z' : '2025-12-31';
      const value = asOf ?? (said[param] as string | number | undefined);
      return value === undefined ? [] : [[param, value]];
    }),
  );
}

/** The best of a few, so that neither a cold cache nor a busy moment is taken for the cost. */
async function measured(sql: Sql, url: string, name: ReportName) {
  const tookMs: number[] = [];
  let rows = 0;
  for (let i = 0; i < RUNS; i++) {
    const startedAt = performance.now();
    rows = 0;
    for await (const batch of readReport(sql, name, paramsOf(name))) rows += batch.length;
    tookMs.push(performance.now() - startedAt);
  }
  const indexes = new Set<string>();
  const looking = explaining(url, ({ plan }) => indexesOf(plan).forEach((index) => indexes.add(index)), 'nested');
  for await (const _ of readReport(looking, name, paramsOf(name)));
  await disconnect(looking);
  return { report: name, rows, ms: Math.round(Math.min(...tookMs)), indexes: [...indexes].sort().join(', ') };
}

/** @throws Failure when a row does not add up, or does not begin with what the one before it ended with */
async function rolledForward(sql: Sql): Promise<string> {
  const by = ['legal_entity', 'shop_id', 'funding', 'purpose', 'tax_point', 'type'];
  const closings = new Map<string, unknown>();
  let count = 0;
  for await (const batch of readReport(sql, 'roll_forward', { ...said, months: undefined, within_days: undefined, by }))
    for (const row of batch) {
      const kind = [...by, 'currency'].map((column) => row[fieldOf(column)]).join('\n');
      const changeMinor = flows.reduce((sum, flow) => sum + minorOf(row, flow), 0);
      if (minorOf(row, 'opening_minor') !== (closings.get(kind) ?? 0)) throw new Failure(`${kind} does not join.`);
      if (minorOf(row, 'opening_minor') + changeMinor !== minorOf(row, 'closing_minor'))
        throw new Failure(`${kind} does not add up in the row of ${String(row['firstDay'])}.`);
      closings.set(kind, row['closingMinor']);
      count += 1;
    }
  return `${count} rows of the roll-forward add up, and each begins with what the one before it ended with.`;
}

function minorOf(row: ReportRow, column: string): number {
  return Number(row[fieldOf(column)]);
}

/** The file of all that the journal posts of the year, and how much memory grew over it. */
async function streamed(sql: Sql): Promise<string> {
  const cell = { keys: {}, figure: 'amount_minor' };
  const params = { from_day: said['from_day'], to_day: said['to_day'] };
  const rows = readMovements(sql, 'journal', params, cell);
  const before = process.memoryUsage().rss;
  let [bytes, most] = [0, before];
  for await (const text of asCsv(Object.entries(movementColumns), rows)) {
    bytes += text.length;
    most = Math.max(most, process.memoryUsage().rss);
  }
  const inMegabytes = (count: number) => `${Math.round(count / 1_048_576)} MB`;
  return `A file of ${inMegabytes(bytes)} was read; memory grew by ${inMegabytes(most - before)} at most.`;
}
