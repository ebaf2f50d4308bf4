import { ALWAYS, LAID_AWAY, SOLD, type Rule } from './rule.js';

const CALIFORNIA = {
  citation: 'Cal. Civ. Code § 1749.5',
  address: 'https://leginfo.legislature.ca.gov/faces/codes_displaySection.xhtml?lawCode=CIV&sectionNum=1749.5',
};
const NEW_YORK = {
  citation: 'N.Y. Gen. Bus. Law § 396-i',
  address: 'https://www.nysenate.gov/legislation/laws/GBS/396-I',
};
/** Since when New York asks for nine years, and for cash. */
const NINE_YEARS = '2022-12-10';

export const unitedStates: readonly Rule[] = [
  {
    id: 'us-validity',
    jurisdiction: 'US',
    topic: 'validity',
    force: 'binding',
    ...SOLD,
    issued: { from: '2010-08-22', through: null },
    done: ALWAYS,
    demand: { kind: 'least_validity', years: 5, from: 'issue' },
    source: {
      citation: '15 U.S.C. § 1693l-1(c); 12 CFR § 1005.20(e)',
      address: 'https://www.law.cornell.edu/uscode/text/15/1693l-1',
    },
    checked: { on: '2026-11-29', against: 'summary' },
    words: {
      en: 'United States: a gift card or certificate that was sold is good for at least five years from the day of issue.',
      de: 'USA: Ein verkaufter Gutschein gilt mindestens fünf Jahre ab dem Tag der Ausgabe.',
    },
  },
  {
    id: 'us-ca-validity',
    jurisdiction: 'US-CA',
    topic: 'validity',
    force: 'binding',
    ...SOLD,
    issued: { from: '1997-01-01', through: null },
    done: ALWAYS,
    demand: { kind: 'no_expiry' },
    source: { ...CALIFORNIA, citation: `${CALIFORNIA.citation}(a)(1)` },
    checked: { on: '2026-11-29', against: 'text' },
    words: {
      en: 'California: a gift certificate that was sold has no expiry date.',
      de: 'Kalifornien: Ein verkaufter Gutschein hat kein Ablaufdatum.',
    },
  },
  {
    id: 'us-ca-cash-10',
    jurisdiction: 'US-CA',
    topic: 'cash',
    force: 'advisory',
    ...SOLD,
    issued: { from: '1997-01-01', through: null },
    done: { from: '2008-01-01', through: '2026-03-31' },
    demand: { kind: 'cash_below', amountMinor: 1_000, currency: 'USD' },
    source: { ...CALIFORNIA, citation: `${CALIFORNIA.citation}(b)(2)` },
    checked: { on: '2026-11-29', against: 'text' },
    words: {
      en: 'California: the customer may have a balance below 10 US dollars in cash.',
      de: 'Kalifornien: Ein Guthaben unter 10 US-Dollar kann der Kunde sich bar auszahlen lassen.',
    },
  },
  {
    id: 'us-ca-cash-15',
    jurisdiction: 'US-CA',
    topic: 'cash',
    force: 'advisory',
    ...SOLD,
    issued: { from: '1997-01-01', through: null },
    done: { from: '2026-04-01', through: null },
    demand: { kind: 'cash_below', amountMinor: 1_500, currency: 'USD' },
    source: { ...CALIFORNIA, citation: `${CALIFORNIA.citation}(b)(2), as amended by Stats. 2025, ch. 207 (SB 22)` },
    checked: { on: '2026-11-29', against: 'summary' },
    words: {
      en: 'California: the customer may have a balance below 15 US dollars in cash.',
      de: 'Kalifornien: Ein Guthaben unter 15 US-Dollar kann der Kunde sich bar auszahlen lassen.',
    },
  },
  {
    id: 'us-ny-validity-5',
    jurisdiction: 'US-NY',
    topic: 'validity',
    force: 'binding',
    ...SOLD,
    issued: { from: '2016-12-25', through: '2022-12-09' },
    done: ALWAYS,
    demand: { kind: 'least_validity', years: 5, from: 'issue' },
    source: NEW_YORK,
    checked: { on: '2026-11-29', against: 'summary' },
    words: {
      en: 'New York: a gift certificate that was issued before 10 December 2022 is good for at least five years.',
      de: 'New York: Ein vor dem 10. Dezember 2022 ausgegebener Gutschein gilt mindestens fünf Jahre.',
    },
  },
  {
    id: 'us-ny-validity-9',
    jurisdiction: 'US-NY',
    topic: 'validity',
    force: 'binding',
    ...SOLD,
    issued: { from: NINE_YEARS, through: null },
    done: ALWAYS,
    demand: { kind: 'least_validity', years: 9, from: 'issue' },
    source: NEW_YORK,
    checked: { on: '2026-11-29', against: 'summary' },
    words: {
      en: 'New York: a gift certificate is good for at least nine years from the day of issue.',
      de: 'New York: Ein Gutschein gilt mindestens neun Jahre ab dem Tag der Ausgabe.',
    },
  },
  {
    id: 'us-ny-cash',
    jurisdiction: 'US-NY',
    topic: 'cash',
    force: 'advisory',
    ...SOLD,
    issued: { from: NINE_YEARS, through: null },
    done: ALWAYS,
    demand: { kind: 'cash_below', amountMinor: 500, currency: 'USD' },
    source: NEW_YORK,
    checked: { on: '2026-11-29', against: 'summary' },
    words: {
      en: 'New York: the customer may have a balance below 5 US dollars in cash.',
      de: 'New York: Ein Guthaben unter 5 US-Dollar kann der Kunde sich bar auszahlen lassen.',
    },
  },
  {
    id: 'us-ny-layaway',
    jurisdiction: 'US-NY',
    topic: 'forfeiting',
    force: 'advisory',
    ...LAID_AWAY,
    issued: ALWAYS,
    done: ALWAYS,
    demand: { kind: 'limits_forfeiting' },
    source: {
      citation: 'N.Y. Gen. Bus. Law § 396-t(b)',
      address: 'https://www.nysenate.gov/legislation/laws/GBS/396-T',
    },
    checked: { on: '2026-11-29', against: 'text' },
    words: {
      en: 'New York: of a layaway above 50 US dollars the shop keeps a fee only as far as it told the customer in writing before the first payment; so too with what it refunds.',
      de: 'New York: Bei einer Anzahlung auf Ware über 50 US-Dollar behält der Laden eine Gebühr nur, soweit er sie vor der ersten Zahlung schriftlich genannt hat; ebenso, was er erstattet.',
    },
  },
];
