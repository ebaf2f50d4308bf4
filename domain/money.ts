/** The largest amount that one payment or command may name, in minor units: far from where doubles lose integers. */
export const MAX_AMOUNT_MINOR = 1_000_000_000_000;

export function isAmountMinor(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= MAX_AMOUNT_MINOR;
}

/** Number of decimals of each currency's minor unit. Source: ISO 4217 list one, funds and metals left out. */
const minorUnitDigits: ReadonlyMap<string, number> = new Map([
  ...codes(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...codes(
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC
     CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR
     JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
     NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN
     SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  ),
  ...codes(3, 'BHD IQD JOD KWD LYD OMR TND'),
]);

export const currencies: readonly string[] = [...minorUnitDigits.keys()];

export function isCurrency(value: string): boolean {
  return minorUnitDigits.has(value);
}

/** `formatMoney(12345, 'EUR')` is `123.45 EUR`: for people, never parsed back. */
export function formatMoney(amountMinor: number, currency: string): string {
  return `${decimalOf(amountMinor, currency)} ${currency}`;
}

/** `decimalOf(12345, 'EUR')` is `123.45`: exact, without a float in between. */
export function decimalOf(amountMinor: number, currency: string): string {
  const digits = minorUnitDigits.get(currency) ?? 0;
  const sign = amountMinor < 0 ? '-' : '';
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = digits === 0 ? '' : `.${text.slice(text.length - digits)}`;
  return `${sign}${whole}${fraction}`;
}

export function digitsOf(currency: string): number | undefined {
  return minorUnitDigits.get(currency);
}

function codes(digits: number, list: string): [string, number][] {
  return list.split(/\s+/).map((code) => [code, digits]);
}
