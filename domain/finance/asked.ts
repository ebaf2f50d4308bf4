import { isStorableText } from '../ids.js';
import { daysBetween, instantOf, isDay, isInTime } from '../instants.js';
import { isShopId } from '../shop.js';
import { fieldOf, grains, type ColumnKind, type Param } from './report.js';
import { columnsOf, reportNames, reports, type ReportName } from './reports.js';

/** A parameter, with the words that it takes where those are few. */
export type AskedParam = Param & { readonly of?: readonly string[] };

/** A report in an address: `roll_forward` is `roll-forward`. */
export function slugOf(name: ReportName): string {
  return name.replaceAll('_', '-');
}

export function reportOfSlug(slug: string): ReportName | undefined {
  return reportNames.find((name) => slugOf(name) === slug);
}

export function paramsOf(name: ReportName): readonly AskedParam[] {
  return reports[name].params;
}

/** The names of all parameters that some report has, each once, as addresses have them. */
export const paramFields: readonly string[] = [
  ...new Set(reportNames.flatMap((name) => paramsOf(name).map((param) => fieldOf(param.name)))),
];

export type ParamValue = string | number | readonly string[];

const MOST_COUNTED = 1_200;

/**
 * What somebody typed for a parameter, as the report takes it; undefined when it is none. Of several words each is
 * named as its column is in an address, with commas between.
 */
function readParam(param: AskedParam, typed: string): ParamValue | undefined {
  switch (param.kind) {
    case 'day':
      return isDay(typed) ? typed : undefined;
    case 'instant':
      return readInstant(typed);
    case 'grain':
      return grains.find((grain) => grain === typed);
    case 'groups':
      return readGroups(param, typed);
    case 'entity':
      return isStorableText(typed) && typed.length <= 200 ? typed : undefined;
    case 'shop':
      return isShopId(typed) ? typed : undefined;
    case 'months':
    case 'days':
      return /^[1-9]\d{0,3}$/.test(typed) && Number(typed) <= MOST_COUNTED ? Number(typed) : undefined;
  }
}

function readInstant(typed: string): string | undefined {
  const isWhole = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(typed);
  const timeMs = isWhole ? Date.parse(typed) : NaN;
  return Number.isNaN(timeMs) || !isInTime(instantOf(timeMs)) ? undefined : instantOf(timeMs);
}

function readGroups({ of = [] }: AskedParam, typed: string): readonly string[] | undefined {
  const groups = typed.split(',').map((word) => of.find((name) => fieldOf(name) === word));
  return groups.every((group) => group !== undefined) ? groups : undefined;
}

/** What of a report is asked for: a fault names the parameter, as addresses have it. */
export type ReadParams =
  | { readonly params: Readonly<Record<string, ParamValue>> }
  | { readonly fault: { readonly field: string; readonly why: 'missing' | 'malformed' | 'unknown' } };

/** Reads the parameters of a report by their names in an address; an empty one is as none. */
export function readParams(name: ReportName, given: Readonly<Record<string, string | undefined>>): ReadParams {
  const wanted = paramsOf(name);
  const params: Record<string, ParamValue> = {};
  for (const [field, typed] of Object.entries(given)) {
    if (typed === undefined || typed === '') continue;
    const param = wanted.find((each) => fieldOf(each.name) === field);
    if (!param) return { fault: { field, why: 'unknown' } };
    const value = readParam(param, typed);
    if (value === undefined) return { fault: { field, why: 'malformed' } };
    params[param.name] = value;
  }
  const missing = wanted.find(({ name: each, need }) => need === 'required' && params[each] === undefined);
  if (missing) return { fault: { field: fieldOf(missing.name), why: 'missing' } };
  const { from_day: from, to_day: to, grain } = params;
  if (typeof from !== 'string' || typeof to !== 'string') return { params };
  const days = daysBetween(from, to) + 1;
  return days < 1 || days > (grain === 'day' ? MOST_DAYS_OF_A_ROW_EACH : MOST_DAYS)
    ? { fault: { field: 'toDay', why: 'malformed' } }
    : { params };
}

/** A hundred years, and ten of them with a row for each day. */
const MOST_DAYS = 36_525;
const MOST_DAYS_OF_A_ROW_EACH = 3_653;

export type CellKeys = Readonly<Record<string, string | number | null>>;

/** The row of a cell: values of key columns by their names in an address, as JSON. */
export function readCell(name: ReportName, typed: string | undefined): CellKeys | undefined {
  const given = typed === undefined ? {} : parsed(typed);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  const keys = columnsOf(name).filter(([, { role }]) => role === 'key');
  const entries = Object.entries(given).map(([field, value]: [string, unknown]) => {
    const key = keys.find(([each]) => fieldOf(each) === field);
    return key && isKeyValue(value, key[1].kind) ? ([key[0], value] as const) : undefined;
  });
  return entries.every((entry) => entry !== undefined) ? Object.fromEntries(entries) : undefined;
}

/** What is not known of a row is null, of whatever kind. */
function isKeyValue(value: unknown, kind: ColumnKind): value is string | number | null {
  if (value === null) return true;
  switch (kind) {
    case 'text':
      return typeof value === 'string' && isStorableText(value);
    case 'day':
      return typeof value === 'string' && isDay(value);
    case 'instant':
      return typeof value === 'string' && readInstant(value) !== undefined;
    case 'amount':
    case 'count':
    case 'number':
      return Number.isSafeInteger(value) && Math.abs(value as number) <= LARGEST_NUMBER;
    case 'flag':
      return false;
  }
}

/** Of those that Postgres counts in four bytes. */
const LARGEST_NUMBER = 2_147_483_647;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The figure of that name in an address. */
export function figureOfField(name: ReportName, field: string | undefined): string | undefined {
  return columnsOf(name).find(([column, { role }]) => role === 'figure' && fieldOf(column) === field)?.[0];
}
