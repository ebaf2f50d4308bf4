import { balanceOverTime } from '../../db/customer/overTime.js';
import { within } from '../../db/outage.js';
import type { PageContext } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import type { PageParts } from '../http/parts.js';
import { customerIdOf } from './address.js';
import { sizes, themes, type PlotSize } from '../plotLook.js';

const PATIENCE_MS = 5_000;

/** A customer's balance in one currency over time, as a picture. */
export async function showPlot(c: PageContext, parts: PageParts): Promise<Response> {
  const customerId = customerIdOf(c);
  const { timeZone, calendar } = c.get('session').shop;
  const all = await within(PATIENCE_MS, balanceOverTime(parts.listSql, customerId, timeZone));
  const currency = c.req.query('currency') ?? all[0]?.currency;
  const days = all.filter((each) => each.currency === currency);
  if (currency === undefined || days.length === 0) throw new NotFound();
  // Half a second of work, for the first one who looks at a plot.
  const { drawBalance } = await import('./draw.js');
  const svg = drawBalance({
    days,
    currency,
    today: calendar.dayAt(parts.now()),
    locale: c.get('reader').formats.locale,
    theme: themes.find((theme) => theme === c.req.query('theme')) ?? 'light',
    size: (Object.keys(sizes) as PlotSize[]).find((size) => size === c.req.query('size')) ?? 'wide',
  });
  return c.body(svg, 200, { 'Content-Type': 'image/svg+xml; charset=utf-8' });
}
