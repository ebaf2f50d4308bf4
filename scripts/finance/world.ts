import type { NewShop } from '../../db/shops.js';
import { createCalendar, type Calendar } from '../../domain/instants.js';
import type { By } from '../../domain/payment/command.js';
import type { Random } from './random.js';

/** Two legal entities, three shops, two time zones. */
export const shops = [
  {
    shopId: 'berlin',
    name: 'Berlin',
    legalEntity: 'Fahrrad Nord GmbH',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    jurisdiction: 'DE',
  },
  {
    shopId: 'hamburg',
    name: 'Hamburg',
    legalEntity: 'Fahrrad Nord GmbH',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    jurisdiction: 'DE',
  },
  {
    shopId: 'tokyo',
    name: 'Tokyo',
    legalEntity: 'Higashi KK',
    currency: 'JPY',
    timeZone: 'Asia/Tokyo',
    jurisdiction: 'JP',
  },
] as const satisfies readonly NewShop[];
const calendars = new Map(shops.map(({ timeZone }) => [timeZone, createCalendar(timeZone)]));
export type GeneratedShop = (typeof shops)[number];

/** Of 0, 2 and 3 decimals; what things cost in each, in minor units. */
export const prices = {
  EUR: { least: 1_000, most: 60_000 },
  JPY: { least: 1_500, most: 90_000 },
  KWD: { least: 4_000, most: 200_000 },
} as const;
export type GeneratedCurrency = keyof typeof prices;

export function currencyAt({ currency }: GeneratedShop, random: Random): GeneratedCurrency {
  return currency === 'EUR' && random.chance(0.12) ? 'KWD' : currency;
}

/** What each legal entity calls its taxes. */
const taxCodes = { 'Fahrrad Nord GmbH': ['DE19', 'DE7'], 'Higashi KK': ['JP10', 'JP8'] } as const;

/** A code of the shop's; sometimes its system names none. */
export function taxCodeAt({ legalEntity }: GeneratedShop, random: Random): { taxCode?: string } {
  return random.chance(0.9) ? { taxCode: random.pick<string>(taxCodes[legalEntity]) } : {};
}

export const products = Array.from({ length: 40 }, (_, i) => `BIKE-${i + 1}`);
const CUSTOMERS = 12_000;

export function aCustomer(random: Random): string {
  return `C-${random.whole(1, CUSTOMERS)}`;
}

const people = ['anna', 'bert', 'chika', 'deniz', 'emre'] as const;

/** A till, for one of three people most of the time; every now and then a person at the pages. */
export function aTill({ shopId }: GeneratedShop, random: Random): By {
  const staffId = random.chance(0.7) ? { staffId: random.pick(people) } : {};
  return { caller: `till-${shopId}-${random.whole(1, 3)}`, shopId, ...staffId };
}

export function aManager({ shopId }: GeneratedShop, random: Random): By {
  return { caller: `staff:${random.pick(people)}`, shopId };
}

/** Where money is spent: mostly where it was left, sometimes in another shop, of another entity too. */
export function shopOfUse(home: GeneratedShop, random: Random): GeneratedShop {
  return random.chance(0.85) ? home : random.pick(shops);
}

export function shopOf({ shopId }: By): GeneratedShop {
  const found = shops.find((shop) => shop.shopId === shopId);
  if (!found) throw new Error(`no generated shop is called ${shopId}`);
  return found;
}

export function calendarOf(by: By): Calendar {
  const calendar = calendars.get(shopOf(by).timeZone);
  if (!calendar) throw new Error('every shop has its calendar');
  return calendar;
}
