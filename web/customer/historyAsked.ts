import type { UsagePosition } from '../../db/customer/accounts.js';
import { filteredUsages, type Usage } from '../../db/customer/usages.js';
import type { Sql } from '../../db/connect.js';
import { endOfDay, startOfDay, type Calendar } from '../../domain/instants.js';
import { isReference, readReference } from '../../domain/reference.js';
import type { PageContext } from '../http/context.js';
import type { Errors } from '../http/fields.js';
import type { Values } from '../http/form.js';
import type { Texts } from '../texts/texts.js';
import { readDays } from './days.js';

const PAGE = 50;

export type UsagesRead = {
  readonly usages: readonly Usage[];
  /** Where the page after this one begins, if there is one. */
  readonly next: string | undefined;
  readonly extent: 'first' | 'further';
};

export type HistoryAsked = {
  readonly values: Values;
  readonly errors: Errors;
  readonly status: 200 | 422;
  readonly read: (sql: Sql, customerId: string) => Promise<UsagesRead>;
};

/** Which usages the address of a profile asks for: of one payment, from a day to a day, from one page on. */
export function readHistory(c: PageContext, texts: Texts['customer'], calendar: Calendar): HistoryAsked {
  const typed = { payment: '', from: '', to: '', ...c.req.query() };
  const { from, to, errors: ofDays } = readDays(typed, texts);
  const reference = readReference(typed.payment);
  const values = { ...typed, payment: reference ?? typed.payment };
  const ofPayment = typed.payment !== '' && reference === undefined && { payment: texts.history.noReference };
  const errors: Errors = { ...ofPayment, ...ofDays };
  if (Object.keys(errors).length > 0)
    return {
      values,
      errors,
      status: 422,
      read: () => Promise.resolve({ usages: [], next: undefined, extent: 'first' }),
    };
  const filter = {
    reference,
    from: from === undefined ? undefined : startOfDay(from, calendar),
    until: to === undefined ? undefined : endOfDay(to, calendar),
  };
  const position = positionOf(c.req.query('before') ?? '');
  const read = async (sql: Sql, customerId: string): Promise<UsagesRead> => {
    const rows = await filteredUsages(sql, customerId, filter, { position, limit: PAGE + 1 });
    const usages = rows.slice(0, PAGE);
    const last = rows.length > PAGE ? usages.at(-1) : undefined;
    return { usages, next: last && markOf(last), extent: position === undefined ? 'first' : 'further' };
  };
  return { values, errors, status: 200, read };
}

/** A place in the history as an address names it. */
function markOf({ movedAt, reference, sequence }: UsagePosition): string {
  return [movedAt, reference, sequence].join('~');
}

/** `undefined` for what is no place: then it begins with the newest. */
function positionOf(mark: string): UsagePosition | undefined {
  const [movedAt = '', reference = '', sequence = ''] = mark.split('~');
  const isPlace =
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(movedAt) &&
    !Number.isNaN(Date.parse(movedAt)) &&
    isReference(reference) &&
    /^\d{1,9}$/.test(sequence);
  return isPlace ? { movedAt, reference, sequence: Number(sequence) } : undefined;
}
