import { createCalendar, endOfDay, instantOf, lastDayBefore, type Calendar, type Instant } from './instants.js';

/** How a shop deals with goodwill that somebody wants in cash. */
export const goodwillPayOuts = ['refused', 'allowed'] as const;

/** What becomes of what a rule of law stands against: people are warned, or it is refused. */
export const againstLaws = ['warned', 'refused'] as const;

/** Where things happen. Entity, currency and time zone never change: a move is a new shop. */
export type Shop = {
  readonly shopId: string;
  readonly name: string;
  readonly legalEntity: string;
  /** Of its account. */
  readonly currency: string;
  readonly timeZone: string;
  /** Of its time zone. */
  readonly calendar: Calendar;
  /** The country or region whose law counts: `DE`, `US-CA`. */
  readonly jurisdiction: string | null;
  readonly againstLaw: (typeof againstLaws)[number];
  /** For how many days what is issued in place of an ended payment is good; null for ever. */
  readonly replacementLifetimeDays: number | null;
  /** The most that a till may issue at once, in the shop's currency. */
  readonly tillIssueLimitMinor: number;
  readonly goodwillPayOut: (typeof goodwillPayOuts)[number];
  /** After how many idle minutes a till asks who is there; null for never. */
  readonly idleLockMinutes: number | null;
};

/** A shop as it is kept. */
export type ShopRow = Omit<Shop, 'calendar'>;

export function shopOf<Row extends ShopRow>(row: Row): Row & Pick<Shop, 'calendar'> {
  return { ...row, calendar: createCalendar(row.timeZone) };
}

/** The legal entities of these shops, each once. */
export function entitiesOf(shops: readonly Pick<Shop, 'legalEntity'>[]): string[] {
  return [...new Set(shops.map(({ legalEntity }) => legalEntity))];
}

export const MOST_IDLE_LOCK_MINUTES = 720;

/** It stands in references, workflow ids and addresses. */
export function isShopId(value: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/.test(value);
}

/** Until when a replacement that is issued now is good: to the end of a day, as the shop's calendar has it. */
export function replacementExpiry(shop: Shop, nowMs: number): Instant | null {
  if (shop.replacementLifetimeDays === null) return null;
  const lastDay = lastDayBefore(instantOf(nowMs + shop.replacementLifetimeDays * DAY_MS), shop.calendar);
  return endOfDay(lastDay, shop.calendar) ?? null;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A wish as this shop carries it out: whether goodwill is handed out is its own to say. */
export function inShop<Wished extends { readonly kind: string }>(wish: Wished, { goodwillPayOut }: Shop): Wished {
  const isHandingOut = wish.kind === 'payOut' || wish.kind === 'cancel';
  return isHandingOut && goodwillPayOut === 'allowed' ? { ...wish, ofGoodwill: 'allowed' } : wish;
}
