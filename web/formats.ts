import { decimalOf } from '../domain/money.js';
import type { Instant } from '../domain/instants.js';

/** How money and times are written for one reader. */
export type Formats = {
  readonly money: (amountMinor: number, currency: string) => string;
  /** With a sign always, for what was added and taken. */
  readonly signedMoney: (amountMinor: number, currency: string) => string;
  /** A calendar day, `2026-12-31`. */
  readonly day: (day: string) => string;
  readonly instant: (instant: Instant) => string;
  readonly time: (instant: Instant) => string;
  readonly number: (value: number) => string;
  /** A rate in hundredths of a per cent. */
  readonly rate: (basisPoints: number) => string;
  /** What separates the decimals that this reader types: `,` or `.`. */
  readonly decimalMark: string;
  /** An amount as it stands in a field of a form, without a sign of the currency. */
  readonly plainAmount: (amountMinor: number, currency: string) => string;
  readonly locale: string;
};

export function createFormats(locale: string, timeZone: string): Formats {
  const kept = new Map<string, Intl.NumberFormat>();
  // To make one takes far longer than to use it, and a list has hundreds of amounts.
  const formatOf = (currency: string, signDisplay: 'auto' | 'exceptZero') => {
    const key = `${currency} ${signDisplay}`;
    const format = kept.get(key) ?? new Intl.NumberFormat(locale, { style: 'currency', currency, signDisplay });
    kept.set(key, format);
    return format;
  };
  const money = (amountMinor: number, currency: string, signDisplay: 'auto' | 'exceptZero') =>
    // As a text, exactly: a binary fraction would not hold every amount.
    formatOf(currency, signDisplay).format(decimalOf(amountMinor, currency) as Intl.StringNumericLiteral);
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const instants = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone });
  const numbers = new Intl.NumberFormat(locale);
  const rates = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const decimalMark = numbers.formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  return {
    money: (amountMinor, currency) => money(amountMinor, currency, 'auto'),
    signedMoney: (amountMinor, currency) => money(amountMinor, currency, 'exceptZero'),
    day: (day) => days.format(Date.parse(`${day}T00:00:00Z`)),
    instant: (instant) => instants.format(Date.parse(instant)),
    time: (instant) => times.format(Date.parse(instant)),
    number: (value) => numbers.format(value),
    rate: (basisPoints) => rates.format(basisPoints / 10_000),
    decimalMark,
    plainAmount: (amountMinor, currency) => decimalOf(amountMinor, currency).replace('.', decimalMark),
    locale,
  };
}
