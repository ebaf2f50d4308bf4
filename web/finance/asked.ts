import type { ReportParams } from '../../db/finance/report.js';
import { paramsOf, readParams, slugOf, type AskedParam, type ReadParams } from '../../domain/finance/asked.js';
import { fieldOf } from '../../domain/finance/report.js';
import type { ReportName } from '../../domain/finance/reports.js';
import { endOfDay, instantOf, isDay, type Calendar } from '../../domain/instants.js';
import type { Values } from '../http/form.js';
import type { PageContext } from '../http/context.js';

/** What an address asks a report for: as it was typed, what it means, and how it is written in an address. */
export type AskedReport = {
  readonly values: Values;
  readonly read: ReadParams;
  /** The parameters again, without what was left open. */
  readonly query: URLSearchParams;
};

type Asking = { readonly nowMs: number; readonly calendar: Calendar };

/** What is not said is what finance would most often ask: this year up to now. */
export function readAsked(c: PageContext, name: ReportName, asking: Asking): AskedReport {
  const wanted = paramsOf(name);
  const queries = c.req.queries();
  const typed = wanted.map((param): [string, string] => {
    const field = fieldOf(param.name);
    const given = queries[field]?.filter((each) => each !== '');
    return [field, given === undefined ? usual(param, asking) : given.join(',')];
  });
  // Several may be chosen of groups alone; a legal entity may have a comma in its name.
  const groups = wanted.filter(({ kind }) => kind === 'groups').map(({ name: param }) => fieldOf(param));
  const values = Object.fromEntries(
    typed.map(([field, value]) => [field, groups.includes(field) ? value.replaceAll(',', '\n') : value]),
  );
  const meant = Object.fromEntries(typed.map(([field, value]) => [field, instantIn(value, wanted, field, asking)]));
  const query = new URLSearchParams(typed.filter(([, value]) => value !== ''));
  return { values, read: readParams(name, meant), query };
}

export function paramsIn({ read }: AskedReport): ReportParams | undefined {
  return 'params' in read ? read.params : undefined;
}

/** What was asked, and by which calendar: whoever asks the same is shown the same. */
export function askedAt(c: PageContext, name: ReportName, { query }: AskedReport): string {
  return `${c.get('session').shop.timeZone} ${reportPath(name, query)}`;
}

/** Where a report is shown, as it was asked for. */
export function reportPath(name: ReportName, query: URLSearchParams, part = ''): string {
  const search = query.toString();
  return `/reports/${slugOf(name)}${part}${search === '' ? '' : `?${search}`}`;
}

function usual({ name, kind, need, usual: said }: AskedParam, { nowMs, calendar }: Asking): string {
  // Said always, for that is shown as chosen.
  if (said) return said.map((each) => fieldOf(each)).join(',');
  if (need === 'optional') return '';
  const today = calendar.dayAt(nowMs);
  switch (kind) {
    case 'day':
      return name === 'from_day' ? `${today.slice(0, 4)}-01-01` : today;
    case 'instant':
      return today;
    case 'months':
      return '36';
    case 'days':
      return '90';
    case 'grain':
    case 'groups':
    case 'entity':
    case 'shop':
      return '';
  }
}

/** A day stands for its last instant on the calendar of the shop, today for now. */
function instantIn(value: string, wanted: readonly AskedParam[], field: string, { nowMs, calendar }: Asking): string {
  const isInstant = wanted.some(({ name, kind }) => kind === 'instant' && fieldOf(name) === field);
  if (!isInstant || !isDay(value)) return value;
  const end = endOfDay(value, calendar) ?? instantOf(nowMs);
  return value < calendar.dayAt(nowMs) ? end : instantOf(nowMs);
}
