import type { FC } from 'hono/jsx';
import type { ReportParams } from '../../db/finance/report.js';
import { reportOfSlug, slugOf } from '../../domain/finance/asked.js';
import { fieldOf } from '../../domain/finance/report.js';
import { entryKinds } from '../../domain/finance/entries.js';
import { columnsOf, reportNames, type ReportName } from '../../domain/finance/reports.js';
import { asCsv } from '../../service/finance/file.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { csvFile } from '../http/csvFile.js';
import { NotFound, TooMany } from '../http/faults.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { signedIn } from '../http/signedIn.js';
import { sizes, themes, type PlotSize } from '../plotLook.js';
import { askedAt, paramsIn, readAsked, type AskedReport } from './asked.js';
import { showMovements, movementsFile } from './movements.js';
import type { Bars } from './plotted.js';
import { createPlots, plotOf, type Plot, type Plots } from './plots.js';
import { showReport } from './show.js';
import { firstRows } from './rows.js';
import { written } from './words.js';

/** Finance's reports: which answers which question, each of them, and what is behind each of their figures. */
export function reportRoutes(parts: PageParts): Pages {
  const readers = signedIn(parts.desk, 'report');
  const plots = createPlots(parts);
  return createRoutes()
    .get('/reports', readers, (c) =>
      page(c, { title: c.var.reader.texts.finance.title, here: 'reports' }, <Index reader={c.var.reader} />),
    )
    .get('/reports/:name', readers, (c) => showReport(c, parts, nameIn(c), askedIn(c, parts), plots))
    .get('/reports/:name/report.csv', readers, (c) => file(c, parts))
    .get('/reports/:name/plot.svg', readers, (c) => plot(c, parts, plots))
    .get('/reports/:name/movements', readers, (c) => showMovements(c, parts, nameIn(c), askedIn(c, parts)))
    .get('/reports/:name/movements.csv', readers, (c) => movementsFile(c, parts, nameIn(c), askedIn(c, parts)));
}

/** @throws NotFound */
function nameIn(c: PageContext): ReportName {
  const name = reportOfSlug(c.req.param('name') ?? '');
  if (name === undefined) throw new NotFound();
  return name;
}

function askedIn(c: PageContext, parts: PageParts): AskedReport {
  const { calendar } = c.get('session').shop;
  return readAsked(c, nameIn(c), { nowMs: parts.now(), calendar });
}

/** @throws NotFound when the address is of no report */
function paramsOfAddress(c: PageContext, parts: PageParts): ReportParams {
  const params = paramsIn(askedIn(c, parts));
  if (!params) throw new NotFound();
  return params;
}

const Index: FC<{ reader: Reader }> = ({ reader }) => {
  const { finance } = reader.texts;
  return (
    <>
      <p>{finance.intro}</p>
      <ul class="finance-questions">
        {reportNames.map((name) => (
          <li>
            <a href={`/reports/${slugOf(name)}`}>{finance.questions[name]}</a>
          </li>
        ))}
      </ul>
      <h2>{finance.entries.title}</h2>
      <ul class="finance-entries">
        {entryKinds.map((name) => (
          <li>
            <a href={`/reports/enter/${name}`}>{finance.entries.kinds[name].title}</a>
          </li>
        ))}
        <li>
          <a href="/reports/exports">{finance.exports.title}</a>
        </li>
      </ul>
      <p>
        <a href="/closes">{reader.texts.closes.link}</a>
      </p>
    </>
  );
};

/** @throws TooMany */
async function file(c: PageContext, parts: PageParts): Promise<Response> {
  const name = nameIn(c);
  const rows = await parts.reports.report(name, paramsOfAddress(c, parts));
  if (rows === 'too_many') throw new TooMany();
  const today = c.get('session').shop.calendar.dayAt(parts.now());
  return csvFile(c, `${slugOf(name)}-${today}`, asCsv(columnsOf(name), rows));
}

/** What a picture does not show, for those who look at it. */
function leftOutOf({ of }: Plot, { shown, count }: Bars, { texts, formats }: Reader): string {
  const { plotFirstBars, plotFirstRows } = texts.finance;
  return [
    ...(count > shown.length ? [plotFirstBars(formats.number(shown.length), formats.number(count))] : []),
    ...(of === 'all' ? [] : [plotFirstRows(formats.number(of))]),
  ].join(' ');
}

/** More rows than this are not summed up in a picture. */
const MOST_PLOTTED = 20_000;

async function plot(c: PageContext, parts: PageParts, plots: Plots): Promise<Response> {
  const name = nameIn(c);
  const reader = c.get('reader');
  const params = paramsOfAddress(c, parts);
  const plotted = await plots.find(askedAt(c, name, askedIn(c, parts)), async () => {
    const { rows, more } = await firstRows(parts.reports.report(name, params), MOST_PLOTTED);
    return plotOf(name, rows, more);
  });
  const currency = c.req.query('plotted') ?? plotted?.currencies[0];
  const bars = currency === undefined ? undefined : plotted?.bars.get(currency);
  if (!plotted || currency === undefined || !bars) throw new NotFound();
  const column = columnsOf(name).find(([each]) => each === plotted.axis)?.[1];
  if (!column) throw new NotFound();
  // Half a second of work, for the first one who looks at a plot.
  const { drawBars } = await import('./draw.js');
  const svg = drawBars({
    bars: bars.shown.map(({ at, amountMinor }) => ({
      label: written({ [fieldOf(plotted.axis)]: at }, plotted.axis, column, reader),
      amountMinor,
    })),
    leftOut: leftOutOf(plotted, bars, reader),
    currency,
    locale: reader.formats.locale,
    theme: themes.find((theme) => theme === c.req.query('theme')) ?? 'light',
    size: (Object.keys(sizes) as PlotSize[]).find((size) => size === c.req.query('size')) ?? 'wide',
  });
  return c.body(svg, 200, { 'Content-Type': 'image/svg+xml; charset=utf-8' });
}
