import type { FC } from 'hono/jsx';
import { exportFiles, listExports, type ExportRow } from '../../db/finance/exports.js';
import { listShops } from '../../db/shops.js';
import { within } from '../../db/outage.js';
import { ledgerFormats, type LedgerFile } from '../../domain/finance/ledger.js';
import { aboutOf, type ExportRefusal } from '../../domain/finance/refusals.js';
import { isDay } from '../../domain/instants.js';
import { sending } from '../../service/afterSending.js';
import { exportJournal } from '../../service/finance/exportJournal.js';
import { fileHeadersOf } from '../../service/finance/file.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { ErrorSummary, type Errors } from '../http/fields.js';
import { readForm, type Values } from '../http/form.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { signedIn, type ShowAgain } from '../http/signedIn.js';
import { EntryFieldInput } from './entered/form.js';
import { currencyField, entityField, type EntryField } from './entered/field.js';
import { enteredLabelOf, wordOfEntry } from './entered/words.js';
import { personIn } from './person.js';

const PATIENCE_MS = 5_000;

const fields: readonly EntryField[] = [
  entityField,
  currencyField,
  { name: 'format', form: 'choice', of: ledgerFormats },
  { name: 'fromDay', form: 'day' },
  { name: 'toDay', form: 'day' },
];

/** What is handed to a ledger, and was handed over before, with its files. */
export function exportRoutes(parts: PageParts): Pages {
  const readers = signedIn(parts.desk, 'report');
  const again: ShowAgain = (c, values) => show(c, parts, { values, errors: {} }, 200);
  return createRoutes()
    .get('/reports/exports', readers, (c) => show(c, parts, { values: {}, errors: {} }, 200))
    .post('/reports/exports', signedIn(parts.desk, 'enter', again), (c) => make(c, parts))
    .get('/reports/exports/:number/:position/file.csv', readers, async (c) => {
      const file = (await filesOf(parts, numberOf(c.req.param('number'))))[numberOf(c.req.param('position')) - 1];
      if (!file) throw new NotFound();
      return c.body(file.bytes as Uint8Array<ArrayBuffer>, 200, fileHeadersOf(file));
    });
}

async function make(c: PageContext, parts: PageParts): Promise<Response> {
  const values = await readForm(c);
  const { reader } = c.var;
  const { legalEntity = '', fromDay = '', toDay = '' } = values;
  const format = ledgerFormats.find((each) => each === values['format']);
  const misread = !format ? 'format' : [fromDay, toDay].every(isDay) && fromDay <= toDay ? undefined : 'toDay';
  if (!format || misread !== undefined) {
    const errors = { [misread ?? '']: reader.texts.finance.malformed(enteredLabelOf(misread ?? '', reader)) };
    return show(c, parts, { values, errors }, 422);
  }
  const wish = { legalEntity, currency: (values['currency'] ?? '').toUpperCase(), format, fromDay, toDay };
  const madeBy = `staff:${c.get('session').staffId}`;
  const made = await sending(exportJournal(parts.listSql, wish, { madeBy, nowMs: parts.now() }));
  if ('code' in made) return show(c, parts, { values, errors: { '': refusedIn(made, reader) } }, 422);
  return c.redirect(`/reports/exports?number=${made.export.number}&made=${made.made}`, 303);
}

function refusedIn(refusal: ExportRefusal, reader: Reader): string {
  const { refusals } = reader.texts.finance;
  const about = aboutIn(refusal, reader);
  return about === '' ? refusals[refusal.code] : `${refusals[refusal.code]} (${about})`;
}

function aboutIn(refusal: ExportRefusal, reader: Reader): string {
  if (refusal.code === 'account_code_missing')
    return refusal.accounts.map((account) => wordOfEntry('account', account, reader)).join(', ');
  if (refusal.code === 'days_not_over') return `${reader.formats.day(refusal.closedThrough)}, ${refusal.shopId}`;
  return aboutOf(refusal);
}

type Typed = { readonly values: Values; readonly errors: Errors };

async function show(c: PageContext, parts: PageParts, { values, errors }: Typed, status: 200 | 422): Promise<Response> {
  const { reader } = c.var;
  const { exports, back } = reader.texts.finance;
  const [shops, rows] = await Promise.all([
    within(PATIENCE_MS, listShops(parts.listSql)),
    within(PATIENCE_MS, listExports(parts.listSql)),
  ]);
  const row = rows.find((each) => String(each.number) === c.req.query('number'));
  const { legalEntity, currency } = c.get('session').shop;
  const said = { legalEntity, currency, ...values };
  return page(
    c,
    { title: exports.title, here: 'reports', status },
    <>
      <ErrorSummary reader={reader} errors={errors} />
      <p>
        <a href="/reports">{back}</a>
      </p>
      {row && <Chosen c={c} row={row} files={await filesOf(parts, row.number)} />}
      <p>{exports.why}</p>
      <form class="sheet narrow" method="post" action="/reports/exports">
        {fields.map((field) => (
          <EntryFieldInput reader={reader} field={field} shops={shops} values={said} errors={errors} />
        ))}
        <div class="actions">
          <button>{exports.make}</button>
        </div>
      </form>
      {rows.length === 0 ? <p>{exports.none}</p> : <Made reader={reader} rows={rows} />}
    </>,
  );
}

const Made: FC<{ reader: Reader; rows: readonly ExportRow[] }> = ({ reader, rows }) => {
  const { texts, formats } = reader;
  const { exports } = texts.finance;
  const cells = (row: ExportRow): [label: string, text: string][] => [
    [enteredLabelOf('legalEntity', reader), row.legalEntity],
    [enteredLabelOf('format', reader), wordOfEntry('format', row.format, reader)],
    [exports.days, `${formats.day(row.fromDay)} – ${formats.day(row.toDay)}`],
    [exports.debits, formats.money(row.debitsMinor, row.currency)],
    [enteredLabelOf('madeBy', reader), personIn(row.madeBy)],
    [enteredLabelOf('madeAt', reader), formats.instant(row.madeAt)],
  ];
  const [first] = rows;
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={exports.title}>
      <table class="folding">
        <thead>
          <tr>
            <th scope="col">{exports.number}</th>
            {first && cells(first).map(([label]) => <th scope="col">{label}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <td data-label={exports.number}>
                <a href={`/reports/exports?number=${row.number}`}>{formats.number(row.number)}</a>
              </td>
              {cells(row).map(([label, text]) => (
                <td data-label={label}>{text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

/** One export, as it was just made, or chosen: with its files. */
const Chosen: FC<{ c: PageContext; row: ExportRow; files: readonly LedgerFile[] }> = ({ c, row, files }) => {
  const { reader } = c.var;
  const { exports } = reader.texts.finance;
  const made = c.req.query('made');
  return (
    <section class="sheet" role="status">
      <h2>{exports.titleOf(row.number)}</h2>
      {made === 'now' && <p>{exports.now}</p>}
      {made === 'before' && <p>{exports.before(reader.formats.instant(row.madeAt), personIn(row.madeBy))}</p>}
      {files.length === 0 && <p>{exports.noFile}</p>}
      <ul>
        {files.map(({ name }, i) => (
          <li>
            <a href={`/reports/exports/${row.number}/${i + 1}/file.csv`}>{name}</a>
          </li>
        ))}
      </ul>
    </section>
  );
};

/** @throws NotFound */
function numberOf(text = ''): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new NotFound();
  return Number(text);
}

async function filesOf({ listSql }: PageParts, number: number): Promise<LedgerFile[]> {
  return within(PATIENCE_MS, exportFiles(listSql, number));
}
