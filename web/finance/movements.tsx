import type { FC } from 'hono/jsx';
import type { Cell, ReportRow } from '../../db/finance/report.js';
import { figureOfField, readCell, slugOf } from '../../domain/finance/asked.js';
import { fieldOf } from '../../domain/finance/report.js';
import { columnsOf, figuresOf, movementColumns, type ReportName } from '../../domain/finance/reports.js';
import { asCsv } from '../../service/finance/file.js';
import type { PageContext } from '../http/context.js';
import { csvFile } from '../http/csvFile.js';
import { NotFound, TooMany } from '../http/faults.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { paramsIn, reportPath, type AskedReport } from './asked.js';
import { firstRows } from './rows.js';
import { labelOf, written } from './words.js';

const MOST_ROWS = 500;

/** Of which figure of which row an address speaks; unless said, the first figure over all rows. @throws NotFound */
function cellIn(c: PageContext, name: ReportName): Cell {
  const asked = c.req.query('figure');
  const figure = asked === undefined ? figuresOf(name)[0] : figureOfField(name, asked);
  const keys = readCell(name, c.req.query('cell'));
  if (figure === undefined || !keys) throw new NotFound();
  return { figure, keys };
}

/** @throws NotFound, TooMany */
async function read(c: PageContext, parts: PageParts, name: ReportName, asked: AskedReport) {
  const params = paramsIn(asked);
  if (!params) throw new NotFound();
  return parts.reports.movements(name, params, cellIn(c, name));
}

/** The movements behind one figure, each with its payment, its command, and who it was. */
export async function showMovements(
  c: PageContext,
  parts: PageParts,
  name: ReportName,
  asked: AskedReport,
): Promise<Response> {
  const { reader, session } = c.var;
  const { finance } = reader.texts;
  const cell = cellIn(c, name);
  const { rows, more } = await firstRows(read(c, parts, name, asked), MOST_ROWS);
  const query = new URLSearchParams(new URL(c.req.url).search);
  const texts = finance.movements;
  return page(
    c,
    { title: texts.title(labelOf(cell.figure, reader)), here: 'reports' },
    <>
      <p>
        <a href={reportPath(name, asked.query)}>{texts.back}</a>
      </p>
      <Row reader={reader} name={name} keys={cell.keys} />
      {rows.length === 0 && <p class="sheet">{finance.none}</p>}
      {more === 'no_more' && <Sums reader={reader} rows={rows} />}
      {more === 'more' && <p>{finance.more(reader.formats.number(MOST_ROWS))}</p>}
      {rows.length > 0 && <Table reader={reader} rows={rows} isAdmin={session.staffRole === 'admin' ? 'yes' : 'no'} />}
      <p>
        <a href={reportPath(name, query, '/movements.csv')}>{finance.file}</a>
      </p>
    </>,
  );
}

export async function movementsFile(
  c: PageContext,
  parts: PageParts,
  name: ReportName,
  asked: AskedReport,
): Promise<Response> {
  const rows = await read(c, parts, name, asked);
  if (rows === 'too_many') throw new TooMany();
  return csvFile(c, `${slugOf(name)}-movements`, asCsv(Object.entries(movementColumns), rows));
}

const Row: FC<{ reader: Reader; name: ReportName; keys: Cell['keys'] }> = ({ reader, name, keys }) => {
  const told = columnsOf(name).filter(([column]) => ![undefined, null, ''].includes(keys[column] as string));
  if (told.length === 0) return null;
  const row = Object.fromEntries(Object.entries(keys).map(([key, value]) => [fieldOf(key), value]));
  return (
    <dl class="facts">
      {told.map(([column, each]) => (
        <>
          <dt>{labelOf(column, reader)}</dt>
          <dd>
            <bdi>{written(row, column, each, reader)}</bdi>
          </dd>
        </>
      ))}
    </dl>
  );
};

const Sums: FC<{ reader: Reader; rows: readonly ReportRow[] }> = ({ reader, rows }) => {
  const currencies = [...new Set(rows.map((row) => String(row['currency'])))];
  const sumOf = (currency: string) =>
    rows.reduce((sum, row) => (row['currency'] === currency ? sum + Number(row['amountMinor']) : sum), 0);
  return (
    <>
      {currencies.map((currency) => (
        <p>{reader.texts.finance.movements.sum(reader.formats.money(sumOf(currency), currency))}</p>
      ))}
    </>
  );
};

type TableProps = { readonly reader: Reader; readonly rows: readonly ReportRow[]; readonly isAdmin: 'yes' | 'no' };

const Table: FC<TableProps> = ({ reader, rows, isAdmin }) => {
  const { finance } = reader.texts;
  const { movements: texts } = finance;
  return (
    <div class="finance-table">
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.when}</th>
            <th scope="col">{texts.payment}</th>
            <th scope="col">{texts.category}</th>
            <th scope="col" class="money">
              {texts.amount}
            </th>
            <th scope="col">{texts.sale}</th>
            <th scope="col">{texts.who}</th>
            <th scope="col">{texts.command}</th>
            <th scope="col">{texts.reason}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Movement reader={reader} row={row} isAdmin={isAdmin} />
          ))}
        </tbody>
      </table>
    </div>
  );
};

const Movement: FC<Omit<TableProps, 'rows'> & { row: ReportRow }> = ({ reader, row, isAdmin }) => {
  const { formats, texts } = reader;
  const { movements } = texts.finance;
  const textOf = (field: string) => (row[field] === null ? '' : String(row[field]));
  const reference = textOf('reference');
  const command = `/account-payments/${reference}/command?${new URLSearchParams({ id: textOf('commandId') }).toString()}`;
  const sale = `/sales/${encodeURIComponent(textOf('saleId'))}?${new URLSearchParams({ shop: textOf('saleShopId') }).toString()}`;
  return (
    <tr>
      <td data-label={movements.when}>
        <time datetime={textOf('movedAt')}>{formats.instant(textOf('movedAt'))}</time>
        {row['bookedLate'] === true && <p>{movements.bookedLate(formats.day(textOf('day')))}</p>}
      </td>
      <td data-label={movements.payment}>
        <a href={`/account-payments/${reference}`}>{reference}</a>
      </td>
      <td data-label={movements.category}>{written(row, 'category', movementColumns.category, reader)}</td>
      <td class="money" data-label={movements.amount}>
        {formats.signedMoney(Number(row['amountMinor']), textOf('currency'))}
      </td>
      <td data-label={movements.sale}>
        {row['saleId'] !== null && (
          <a href={sale}>
            <bdi>{textOf('saleId')}</bdi>
          </a>
        )}
      </td>
      <td data-label={movements.who}>
        <Person
          caller={textOf('caller')}
          staffId={row['staffId'] === null ? undefined : textOf('staffId')}
          isAdmin={isAdmin}
        />
      </td>
      <td data-label={movements.command}>
        {/* A payment that had ended has no command that kept the fee: the sale has. */}
        <a href={row['kind'] === 'kept' ? sale : command}>
          {texts.finance.movements.openCommand} <span class="unseen">{textOf('commandId')}</span>
        </a>
      </td>
      <td data-label={movements.reason}>
        <bdi>{textOf('reason')}</bdi>
      </td>
    </tr>
  );
};

/** A till, and for whom, or a person; admins are led to the account. */
const Person: FC<{ caller: string; staffId: string | undefined; isAdmin: 'yes' | 'no' }> = ({
  caller,
  staffId,
  isAdmin,
}) => {
  const person = staffId ?? /^staff:(.+)$/.exec(caller)?.[1];
  const named =
    isAdmin === 'yes' && person !== undefined ? (
      <a href={`/settings/staff/${encodeURIComponent(person)}`}>{person}</a>
    ) : (
      person
    );
  if (caller === `staff:${person ?? ''}`) return <bdi>{named}</bdi>;
  return (
    <bdi>
      {caller}
      {person !== undefined && <>, {named}</>}
    </bdi>
  );
};
