import type { FC } from 'hono/jsx';
import { listShops } from '../../../db/shops.js';
import { within } from '../../../db/outage.js';
import { entryKinds, type EntryKindName } from '../../../domain/finance/entries.js';
import { sending } from '../../../service/afterSending.js';
import { signedIn, type ShowAgain } from '../../http/signedIn.js';
import { createRoutes, type PageContext, type Pages } from '../../http/context.js';
import { NotFound } from '../../http/faults.js';
import { ErrorSummary, type Errors } from '../../http/fields.js';
import { readForm, type Values } from '../../http/form.js';
import { page } from '../../http/page.js';
import type { PageParts } from '../../http/parts.js';
import type { Reader } from '../../http/reader.js';
import { EntryFieldInput } from './form.js';
import { entries as kinds } from './kinds.js';
import { enteredLabelOf, errorsOfEntry, writtenEntry } from './words.js';

const PATIENCE_MS = 5_000;
const SHOWN = 200;
const OF_A_KIND = `/reports/enter/:kind{${entryKinds.join('|')}}` as const;

/** What finance enters by itself: its forms, and what was entered before. */
export function entryRoutes(parts: PageParts): Pages {
  const again: ShowAgain = (c, values) => show(c, parts, kindIn(c), { values, errors: {} }, 200);
  return createRoutes()
    .get(OF_A_KIND, signedIn(parts.desk, 'report'), (c) => show(c, parts, kindIn(c), { values: {}, errors: {} }, 200))
    .post(OF_A_KIND, signedIn(parts.desk, 'enter', again), (c) => enter(c, parts, kindIn(c)));
}

/** @throws NotFound */
function kindIn(c: PageContext): EntryKindName {
  const kind = entryKinds.find((each) => each === c.req.param('kind'));
  if (kind === undefined) throw new NotFound();
  return kind;
}

async function enter(c: PageContext, parts: PageParts, name: EntryKindName): Promise<Response> {
  const values = await readForm(c);
  const { reader } = c.var;
  const kind = kinds[name];
  const fields = kind.fields.map((field) => field.name);
  const none = kind.fields.find(({ form, of, name: each }) => form === 'choice' && !of?.includes(values[each] ?? ''));
  if (none) {
    const errors = { [none.name]: reader.texts.finance.malformed(enteredLabelOf(none.name, reader)) };
    return show(c, parts, name, { values, errors }, 422);
  }
  const enteredBy = `staff:${c.get('session').staffId}`;
  const entering = await sending(within(PATIENCE_MS, kind.enter(parts.sql, values, { reader, enteredBy })));
  if (entering === 'entered') return c.redirect(`/reports/enter/${name}?done=1`, 303);
  return show(c, parts, name, { values, errors: errorsOfEntry(entering, fields, reader) }, 422);
}

type Typed = { readonly values: Values; readonly errors: Errors };

async function show(
  c: PageContext,
  { listSql }: PageParts,
  name: EntryKindName,
  { values, errors }: Typed,
  status: 200 | 422,
): Promise<Response> {
  const { reader } = c.var;
  const { entries, back } = reader.texts.finance;
  const kind = kinds[name];
  const [shops, rows] = await Promise.all([
    within(PATIENCE_MS, listShops(listSql)),
    within(PATIENCE_MS, kind.list(listSql, SHOWN)),
  ]);
  const said = { legalEntity: c.get('session').shop.legalEntity, currency: c.get('session').shop.currency, ...values };
  return page(
    c,
    { title: entries.kinds[name].title, here: 'reports', status },
    <>
      <ErrorSummary reader={reader} errors={errors} />
      {c.req.query('done') !== undefined && status === 200 && (
        <p class="sheet" role="status">
          {entries.entered}
        </p>
      )}
      <p>
        <a href="/reports">{back}</a>
      </p>
      <p>{entries.kinds[name].why}</p>
      <form class="sheet narrow" method="post" action={`/reports/enter/${name}`}>
        {kind.fields.map((field) => (
          <EntryFieldInput reader={reader} field={field} shops={shops} values={said} errors={errors} />
        ))}
        <div class="actions">
          <button>{entries.enter}</button>
        </div>
      </form>
      <Entered reader={reader} columns={kind.fields.map((field) => field.name)} rows={rows} />
    </>,
  );
}

type Rows = { readonly reader: Reader; readonly columns: readonly string[]; readonly rows: readonly object[] };

const Entered: FC<Rows> = ({ reader, columns, rows }) => {
  const { entries } = reader.texts.finance;
  if (rows.length === 0) return <p>{entries.none}</p>;
  const shown = [...columns, 'enteredBy', 'enteredAt'];
  return (
    <>
      <h2>{entries.latest}</h2>
      <div class="scroll" tabindex={0} role="region" aria-label={entries.latest}>
        <table class="folding">
          <thead>
            <tr>
              {shown.map((column) => (
                <th scope="col">{enteredLabelOf(column, reader)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr>
                {shown.map((column) => (
                  <td data-label={enteredLabelOf(column, reader)}>{writtenEntry(row, column, reader)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
};
