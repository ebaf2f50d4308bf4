import { ALWAYS, SOLD, type Rule } from './rule.js';

export const europe: readonly Rule[] = [
  {
    id: 'de-validity',
    jurisdiction: 'DE',
    topic: 'validity',
    force: 'advisory',
    purposes: SOLD.purposes,
    fundings: ['paid', 'return'],
    issued: { from: '2002-01-01', through: null },
    done: ALWAYS,
    demand: { kind: 'least_validity', years: 3, from: 'end_of_year' },
    source: {
      citation: '§§ 195, 199, 307 BGB; OLG München, 17.01.2008, 29 U 3193/07; LG Braunschweig, 22 O 211/12',
      address: 'https://www.gesetze-im-internet.de/bgb/__195.html',
    },
    checked: { on: '2026-11-29', against: 'summary' },
    words: {
      en: 'Germany: no statute sets a term for vouchers. Courts have held short terms in standard conditions void; the claim then lapses three years after the end of the year of issue.',
      de: 'Deutschland: Kein Gesetz bestimmt, wie lange Gutscheine gelten. Kurze Fristen in AGB haben Gerichte verworfen; der Anspruch verjährt dann drei Jahre nach dem Ende des Jahres der Ausgabe.',
    },
  },
  {
    id: 'fr-arrhes',
    jurisdiction: 'FR',
    topic: 'forfeiting',
    force: 'advisory',
    purposes: ['deposit', 'prepayment'],
    fundings: ['paid'],
    issued: { from: '2016-07-01', through: null },
    done: ALWAYS,
    demand: { kind: 'reminder', of: ['expire', 'payOut', 'cancel_forfeited', 'cancel_paid_out'] },
    source: {
      citation: 'Code de la consommation, art. L214-1; Code civil, art. 1590',
      address: 'https://www.legifrance.gouv.fr/codes/section_lc/LEGITEXT000006069565/LEGISCTA000032221225/',
    },
    checked: { on: '2026-11-29', against: 'text' },
    words: {
      en: 'France: unless it was agreed otherwise, money paid in advance is “arrhes”: a customer who withdraws loses it, a shop that withdraws gives back twice as much. What the contract says counts.',
      de: 'Frankreich: Wenn nichts anderes vereinbart ist, sind Vorauszahlungen „arrhes“: Tritt der Kunde zurück, verliert er sie; tritt der Laden zurück, erstattet er das Doppelte. Es gilt, was im Vertrag steht.',
    },
  },
  {
    id: 'gb-validity',
    jurisdiction: 'GB',
    topic: 'validity',
    force: 'advisory',
    ...SOLD,
    issued: ALWAYS,
    done: ALWAYS,
    demand: { kind: 'nothing' },
    source: {
      citation: 'No statute; terms have to be fair and transparent: Consumer Rights Act 2015, Part 2',
      address: 'https://www.legislation.gov.uk/ukpga/2015/15/part/2',
    },
    checked: { on: '2026-11-29', against: 'summary' },
    words: {
      en: 'United Kingdom: no law sets a least term for gift cards.',
      de: 'Vereinigtes Königreich: Kein Gesetz bestimmt, wie lange Gutscheine mindestens gelten.',
    },
  },
];
