import { daysAfter, isDay } from '../instants.js';

/** What is closed, and what takes that back. */
export const closeKinds = ['day', 'month', 'reopening'] as const;
export type CloseKind = (typeof closeKinds)[number];

/** So long after the midnight with which it ends a day closes by itself. */
export const DAY_CLOSES_AFTER_HOURS = 6;

/** A month as people write it: `2026-10`. */
export function isMonth(text: string): boolean {
  return /^\d{4}-\d{2}$/.test(text) && isDay(`${text}-01`);
}

export function firstDayOf(month: string): string {
  return `${month}-01`;
}

export function lastDayOf(month: string): string {
  return daysAfter(firstDayOf(monthAfter(month)), -1);
}

function monthAfter(month: string): string {
  return daysAfter(firstDayOf(month), 31).slice(0, 7);
}

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** Every way in which a close or a reopening is turned down, in the order in which it is looked at. */
export const closeRefusals = {
  entity_not_found: { status: 404, sentence: 'No shop is of this legal entity.' },
  month_not_over: { status: 422, sentence: 'A month is closed once it is over in every shop of the entity.' },
  earlier_month_open: { status: 409, sentence: 'Months are closed in their order, and an earlier one is open.' },
  nothing_to_close: { status: 409, sentence: 'Nothing was booked in this month, or before it.' },
  month_not_closed: { status: 409, sentence: 'This month is not closed.' },
  month_exported: { status: 409, sentence: 'Days of this month, or later, were exported to a ledger.' },
  month_opened_again: { status: 409, sentence: 'The month was opened again since its close was asked for: ask anew.' },
} as const satisfies Record<string, { status: 404 | 409 | 422; sentence: string }>;

export type CloseRefusalCode = keyof typeof closeRefusals;

export type CloseRefusal = { readonly code: CloseRefusalCode; readonly month?: string };

export type MonthOf = { readonly legalEntity: string; readonly month: string };

/** A month of an entity, and who wants it closed. */
export type MonthToClose = MonthOf & {
  readonly closedBy: string;
  /** Under which request: asked again, it is told what that one closed, whatever came since. */
  readonly requestId: string;
  /** The place of the entity's newest close when it was asked for: what is opened again after it stays open. */
  readonly seenPosition: number;
};

/** What became of that: the place of the close in the entity's chain, and its head. */
export type MonthClosed =
  | { readonly outcome: 'closed'; readonly number: number; readonly position: number; readonly head: string }
  | ({ readonly outcome: 'refused' } & CloseRefusal);

/** The newest close of an entity. */
export type Head = { readonly legalEntity: string; readonly position: number; readonly head: string };

/** How many closes were made, and the heads since. */
export type DaysClosed = { readonly closes: number; readonly heads: readonly Head[] };

export function closeWorkflowId({ legalEntity, month }: MonthOf): string {
  return `close/${encodeURIComponent(legalEntity)}/${month}`;
}

/** Whose month a workflow of that id closed. */
export function entityOfClose(workflowId: string): string | undefined {
  const entity = /^close\/([^/]+)\/\d{4}-\d{2}$/.exec(workflowId)?.[1];
  return entity === undefined ? undefined : decodeURIComponent(entity);
}

/** What is closed of an entity, and what could be. */
export type CloseStanding = {
  /** The day that is not over yet in some shop of it; null when no shop is of it. */
  readonly today: string | null;
  /** The last month that is closed. */
  readonly lastClosed: string | null;
  /** While no month is closed: that of the first movement, or in which the first shop came. */
  readonly firstMonth: string | null;
  /** Whether a close of the asked month is in force. */
  readonly asked: 'closed' | 'open';
  /** Whether days from its first on were handed to a ledger, of whatever entity: its shops are posted there too. */
  readonly days: 'exported' | 'not_exported';
  /** The place of its newest close, 0 while there is none. */
  readonly newestPosition: number;
  /** That of what last opened the asked month again, 0 when nothing did. */
  readonly openedPosition: number;
};

/**
 * Whether a month of an entity may be closed; one that is closed is told as it was.
 * @param seenPosition the newest close that whoever asks could know of
 */
export function mayClose(
  month: string,
  standing: CloseStanding,
  seenPosition = Infinity,
): 'close' | 'closed_before' | CloseRefusal {
  const { today, lastClosed, firstMonth, asked, openedPosition } = standing;
  if (today === null) return { code: 'entity_not_found' };
  if (asked === 'closed') return 'closed_before';
  if (lastDayOf(month) >= today) return { code: 'month_not_over' };
  const next = lastClosed === null ? (firstMonth ?? month) : monthAfter(lastClosed);
  if (next < month) return { code: 'earlier_month_open', month: next };
  if (next > month) return { code: 'nothing_to_close' };
  return openedPosition > seenPosition ? { code: 'month_opened_again' } : 'close';
}

/** Whether a month, and all that is closed after it, may be opened again. What was handed to a ledger stays closed. */
export function mayReopen({ today, asked, days }: CloseStanding): 'reopen' | CloseRefusal {
  if (today === null) return { code: 'entity_not_found' };
  if (asked === 'open') return { code: 'month_not_closed' };
  return days === 'exported' ? { code: 'month_exported' } : 'reopen';
}

/** In a sentence, and what it is about. */
export function closeSentence({ code, month }: CloseRefusal): string {
  return `${closeRefusals[code].sentence}${month === undefined ? '' : ` (${month})`}`;
}
