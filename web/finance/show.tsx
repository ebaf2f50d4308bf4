import type { FC } from 'hono/jsx';
import type { ReportRow } from '../../db/finance/report.js';
import { listShops } from '../../db/shops.js';
import { within } from '../../db/outage.js';
import { fieldOf, type Column } from '../../domain/finance/report.js';
import { columnsOf, keysOf, type ReportName } from '../../domain/finance/reports.js';
import type { PageContext } from '../http/context.js';
import { ErrorSummary, type Errors } from '../http/fields.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { sizes, type PlotSize, type Theme } from '../plotLook.js';
import { askedAt, reportPath, type AskedReport } from './asked.js';
import { Filters } from './filters.js';
import type { Plotted } from './plotted.js';
import { plotOf, type Plots } from './plots.js';
import { firstRows } from './rows.js';
import { labelOf, written } from './words.js';

const PATIENCE_MS = 5_000;
/** A page with more of them is no help to anybody; the file has all. */
const MOST_ROWS = 500;

/** One report: what of it is asked for, a picture, and its rows, of which every figure opens. */
export async function showReport(
  c: PageContext,
  parts: PageParts,
  name: ReportName,
  asked: AskedReport,
  plots: Plots,
): Promise<Response> {
  const { reader } = c.var;
  const { finance } = reader.texts;
  const shops = await within(PATIENCE_MS, listShops(parts.listSql));
  const errors = errorsOf(asked, reader);
  const read =
    'params' in asked.read ? await firstRows(parts.reports.report(name, asked.read.params), MOST_ROWS) : undefined;
  const plotted = read && plotOf(name, read.rows, read.more);
  if (read?.more === 'no_more') plots.keep(askedAt(c, name, asked), plotted);
  return page(
    c,
    { title: finance.questions[name], here: 'reports', status: read ? 200 : 422 },
    <>
      <ErrorSummary reader={reader} errors={errors} />
      <p>
        <a href="/reports">{finance.back}</a>
      </p>
      <Filters reader={reader} name={name} values={asked.values} errors={errors} shops={shops} />
      {read?.rows.length === 0 && <p class="sheet">{finance.none}</p>}
      {plotted?.currencies.map((currency) => (
        <Plot reader={reader} name={name} asked={asked} plotted={plotted} currency={currency} />
      ))}
      {read && read.rows.length > 0 && <Table reader={reader} name={name} asked={asked} rows={read.rows} />}
      {read?.more === 'more' && <p>{finance.more(reader.formats.number(MOST_ROWS))}</p>}
      {read && (
        <p>
          <a href={reportPath(name, asked.query, '/report.csv')}>{finance.file}</a>
        </p>
      )}
    </>,
  );
}

function errorsOf({ read }: AskedReport, reader: Reader): Errors {
  if (!('fault' in read)) return {};
  const { finance } = reader.texts;
  const { field, why } = read.fault;
  const label = labelOf(field, reader);
  return { [field]: why === 'missing' ? finance.missing(label) : finance.malformed(label) };
}

type Shown = { readonly reader: Reader; readonly name: ReportName; readonly asked: AskedReport };

const Plot: FC<Shown & { plotted: Plotted; currency: string }> = ({ reader, name, asked, plotted, currency }) => {
  const { finance } = reader.texts;
  const figure = labelOf(plotted.figure, reader);
  const address = (size: PlotSize, theme: Theme) =>
    reportPath(
      name,
      new URLSearchParams([...asked.query, ['plotted', currency], ['size', size], ['theme', theme]]),
      '/plot.svg',
    );
  return (
    <figure class="sheet customer-plot">
      <figcaption>{finance.plotOf(figure, currency)}</figcaption>
      <picture>
        <source
          media="(max-width: 40rem) and (prefers-color-scheme: dark)"
          srcset={address('narrow', 'dark')}
          {...sizes.narrow}
        />
        <source media="(max-width: 40rem)" srcset={address('narrow', 'light')} {...sizes.narrow} />
        <source media="(prefers-color-scheme: dark)" srcset={address('wide', 'dark')} {...sizes.wide} />
        <img
          src={address('wide', 'light')}
          alt={finance.plotAlt(finance.questions[name], figure, currency)}
          loading="lazy"
          {...sizes.wide}
        />
      </picture>
    </figure>
  );
};

const isNumeric = ({ kind }: Column) => kind === 'amount' || kind === 'count' || kind === 'number';

/** More columns than this are no table that can be read, on any screen. */
const MOST_SIDE_BY_SIDE = 11;

/** What is empty in every row is not asked for, and left out. */
const Table: FC<Shown & { rows: readonly ReportRow[] }> = ({ reader, name, asked, rows }) => {
  const isTold = ([column]: readonly [string, Column]) =>
    rows.some((row) => ![null, undefined, ''].includes(row[fieldOf(column)] as string | null | undefined));
  const columns = columnsOf(name).filter(isTold);
  return (
    <div class={columns.length > MOST_SIDE_BY_SIDE ? 'finance-table wide' : 'finance-table'}>
      <table>
        <thead>
          <tr>
            {columns.map(([column, each]) => (
              <th scope="col" class={isNumeric(each) ? 'money' : undefined}>
                {labelOf(column, reader)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {columns.map(([column, each]) => (
                <Cell reader={reader} name={name} asked={asked} row={row} column={column} of={each} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

type CellProps = Shown & { readonly row: ReportRow; readonly column: string; readonly of: Column };

/** A figure leads to the movements that it is made of. */
const Cell: FC<CellProps> = ({ reader, name, asked, row, column, of }) => {
  const text = written(row, column, of, reader);
  if (of.role !== 'figure' || row[fieldOf(column)] === 0)
    return (
      <td class={isNumeric(of) ? 'money' : undefined} data-label={labelOf(column, reader)}>
        <bdi>{text}</bdi>
      </td>
    );
  const cell = JSON.stringify(Object.fromEntries(keysOf(name).map((key) => [fieldOf(key), row[fieldOf(key)] ?? null])));
  const query = new URLSearchParams([...asked.query, ['figure', fieldOf(column)], ['cell', cell]]);
  return (
    <td class="money" data-label={labelOf(column, reader)}>
      <a href={reportPath(name, query, '/movements')}>{text}</a>
    </td>
  );
};
