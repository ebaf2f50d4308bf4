import type { DatevSettings, Journal } from './ledger.js';

/** The columns of a Buchungsstapel of version 13, each with whether it is text. DATEV's own sample spells them so. */
const columns: readonly (readonly [name: string, form: 'text' | 'number'])[] = [
  ...numbers('Umsatz (ohne Soll/Haben-Kz)'),
  ...texts('Soll/Haben-Kennzeichen', 'WKZ Umsatz'),
  ...numbers('Kurs', 'Basis-Umsatz'),
  ...texts('WKZ Basis-Umsatz'),
  ...numbers('Konto', 'Gegenkonto (ohne BU-Schlüssel)'),
  ...texts('BU-Schlüssel'),
  ...numbers('Belegdatum'),
  ...texts('Belegfeld 1', 'Belegfeld 2'),
  ...numbers('Skonto'),
  ...texts('Buchungstext'),
  ...numbers('Postensperre'),
  ...texts('Diverse Adressnummer'),
  ...numbers('Geschäftspartnerbank', 'Sachverhalt', 'Zinssperre'),
  ...texts('Beleglink'),
  ...upTo(8).flatMap((i) => texts(`Beleginfo - Art ${i}`, `Beleginfo - Inhalt ${i}`)),
  ...texts('KOST1 - Kostenstelle', 'KOST2 - Kostenstelle'),
  ...numbers('Kost-Menge'),
  ...texts('EU-Land u. UStID (Bestimmung)'),
  ...numbers('EU-Steuersatz (Bestimmung)'),
  ...texts('Abw. Versteuerungsart'),
  ...numbers('Sachverhalt L+L', 'Funktionsergänzung L+L'),
  ...numbers('BU 49 Hauptfunktionstyp', 'BU 49 Hauptfunktionsnummer', 'BU 49 Funktionsergänzung'),
  ...upTo(20).flatMap((i) => texts(`Zusatzinformation - Art ${i}`, `Zusatzinformation- Inhalt ${i}`)),
  ...numbers('Stück', 'Gewicht', 'Zahlweise'),
  ...texts('Forderungsart'),
  ...numbers('Veranlagungsjahr', 'Zugeordnete Fälligkeit', 'Skontotyp'),
  ...texts('Auftragsnummer', 'Buchungstyp'),
  ...numbers('USt-Schlüssel (Anzahlungen)'),
  ...texts('EU-Land (Anzahlungen)'),
  ...numbers('Sachverhalt L+L (Anzahlungen)', 'EU-Steuersatz (Anzahlungen)', 'Erlöskonto (Anzahlungen)'),
  ...texts('Herkunft-Kz', 'Buchungs GUID'),
  ...numbers('KOST-Datum'),
  ...texts('SEPA-Mandatsreferenz'),
  ...numbers('Skontosperre'),
  ...texts('Gesellschaftername'),
  ...numbers('Beteiligtennummer'),
  ...texts('Identifikationsnummer', 'Zeichnernummer'),
  ...numbers('Postensperre bis'),
  ...texts('Bezeichnung SoBil-Sachverhalt'),
  ...numbers('Kennzeichen SoBil-Buchung', 'Festschreibung', 'Leistungsdatum', 'Datum Zuord. Steuerperiode'),
  ...numbers('Fälligkeit'),
  ...texts('Generalumkehr (GU)'),
  ...numbers('Steuersatz'),
  ...texts('Land', 'Abrechnungsreferenz'),
  ...numbers('BVV-Position'),
  ...texts('EU-Land u. UStID (Ursprung)'),
  ...numbers('EU-Steuersatz (Ursprung)', 'Abw. Skontokonto'),
];

export function columnNames(): string {
  return columns.map(([name]) => name).join(';');
}

/** Each column's field, where an empty text is quoted too. */
export function inColumns(fields: Readonly<Record<string, string>>): string[] {
  return columns.map(([name, form]) => (form === 'text' ? quoted(fields[name] ?? '') : (fields[name] ?? '')));
}

export function lineOf(fields: readonly string[]): string {
  return fields.join(';');
}

/** The file's first line. What DATEV reserves, or fills in itself, stays empty. */
export function headerFields(
  { number, currency, madeAt }: Journal,
  { adviser, client, accountLength }: DatevSettings,
  { start, from, to }: { readonly start: string; readonly from: string; readonly to: string },
): string[] {
  return [
    ...[quoted('EXTF'), '700', '21', quoted('Buchungsstapel'), '13'],
    ...[madeAt.replace(/\D/g, ''), '', quoted('AP'), quoted(''), quoted('')],
    ...[String(adviser), String(client), compact(start), String(accountLength), compact(from), compact(to)],
    // Account payments; of the financial accounts, of every purpose, and not locked: that is the accountant's to do.
    ...[quoted(`Account payments ${number}`), quoted(''), '1', '0', '0', quoted(currency)],
    ...['', quoted(''), '', '', quoted(''), '', '', quoted(''), quoted('')],
  ];
}

function texts(...names: string[]): [string, 'text'][] {
  return names.map((name) => [name, 'text']);
}

function numbers(...names: string[]): [string, 'number'][] {
  return names.map((name) => [name, 'number']);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function compact(day: string): string {
  return day.replaceAll('-', '');
}
