import { expect, test } from 'vitest';
import { datevFiles, fiscalYearOf } from '../../../domain/finance/datev.js';
import type {
  Carried,
  DatevSettings,
  Journal,
  NetsuiteSettings,
  Posting,
  XeroSettings,
} from '../../../domain/finance/ledger.js';
import { netsuiteFiles } from '../../../domain/finance/netsuite.js';
import { windows1252 } from '../../../domain/finance/windows1252.js';
import { xeroFiles } from '../../../domain/finance/xero.js';

/** Every byte of these files was written down by hand, after what each program publishes. */

const berlin = { day: '2026-03-31', shopId: 'B-1', shopName: 'Laden "Süd"' };
const bonn = { day: '2026-04-01', shopId: 'C-2', shopName: 'Bonn' };
const cash = { account: 'clearing_cash', code: '1600' } as const;
const card = { account: 'clearing_card', code: '1361' } as const;
const paid = { account: 'liability_paid', code: '1710' } as const;
const returned = { account: 'liability_return', code: '1710' } as const;
const goods = { account: 'returns', code: '8700' } as const;
const sales = { account: 'sales', code: '8400' } as const;

const postings: Posting[] = [
  { ...berlin, debit: cash, credit: paid, amountMinor: 10_000 },
  { ...bonn, debit: paid, credit: sales, amountMinor: 5 },
  { ...berlin, debit: cash, credit: paid, amountMinor: 2_550 },
  { ...berlin, debit: paid, credit: sales, amountMinor: 4_000 },
  { ...berlin, debit: goods, credit: returned, amountMinor: 1_999 },
  { ...berlin, debit: sales, credit: paid, amountMinor: 1_000 },
  { ...berlin, debit: card, credit: paid, amountMinor: 1 },
];
const journal: Journal = {
  number: 12,
  currency: 'EUR',
  from: '2026-03-30',
  to: '2026-04-02',
  madeAt: '2026-04-03T07:08:09.010Z',
  postings,
};
const xero: XeroSettings = { format: 'xero', currency: 'EUR', taxRate: 'No VAT', trackingName: 'Shop' };
const netsuite: NetsuiteSettings = { format: 'netsuite', subsidiary: 'Muster, GmbH', dateFormat: 'DD.MM.YYYY' };
const datev: DatevSettings = {
  format: 'datev',
  currency: 'EUR',
  adviser: 29098,
  client: 55003,
  fiscalYearStart: '04-01',
  accountLength: 4,
};

/** Of each file the name and the lines, read back as its program does. */
function read(carried: Carried, encoding = 'utf-8'): [string, string[]][] {
  if ('code' in carried) throw new Error(carried.code);
  return carried.files.map(({ name, bytes }) => [name, new TextDecoder(encoding).decode(bytes).split('\r\n')]);
}

test('Xero reads manual journals, one a day and shop, debits positive and credits negative', () => {
  const south = 'Account payments of shop B-1 on 2026-03-31, export 12,31 Mar 2026,"Laden ""Süd"": ';
  const bonns = 'Account payments of shop C-2 on 2026-04-01, export 12,01 Apr 2026,Bonn: ';
  const quoted = (line: string) => line.replace(/^(Account payments .*?, export 12),/, '"$1",');
  expect(read(xeroFiles(journal, xero))).toEqual([
    [
      'xero-12-1.csv',
      [
        '*Narration,*Date,Description,*AccountCode,*TaxRate,*Amount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2',
        `${south}Clearing, card",1361,No VAT,0.01,Shop,B-1,,`,
        `${south}Clearing, cash",1600,No VAT,125.50,Shop,B-1,,`,
        `${south}Liability, paid for",1710,No VAT,40.00,Shop,B-1,,`,
        `${south}Sales",8400,No VAT,10.00,Shop,B-1,,`,
        `${south}Goods returned",8700,No VAT,19.99,Shop,B-1,,`,
        `${south}Liability, paid for; Liability, returned goods",1710,No VAT,-155.50,Shop,B-1,,`,
        `${south}Sales",8400,No VAT,-40.00,Shop,B-1,,`,
        `${bonns.replace('Bonn: ', '"Bonn: ')}Liability, paid for",1710,No VAT,0.05,Shop,C-2,,`,
        `${bonns}Sales,8400,No VAT,-0.05,Shop,C-2,,`,
        '',
      ].map(quoted),
    ],
  ]);
});

test('NetSuite reads journal entries, and each by the id that it has once', () => {
  const south = 'account-payments-12-2026-03-31-B-1,31.03.2026,"Muster, GmbH",EUR';
  const bonns = 'account-payments-12-2026-04-01-C-2,01.04.2026,"Muster, GmbH",EUR';
  expect(read(netsuiteFiles(journal, netsuite))).toEqual([
    [
      'netsuite-12-1.csv',
      [
        'External ID,Date,Subsidiary,Currency,Account,Debit,Credit,Memo',
        `${south},1361,0.01,,"Laden ""Süd"": Clearing, card"`,
        `${south},1600,125.50,,"Laden ""Süd"": Clearing, cash"`,
        `${south},1710,40.00,,"Laden ""Süd"": Liability, paid for"`,
        `${south},8400,10.00,,"Laden ""Süd"": Sales"`,
        `${south},8700,19.99,,"Laden ""Süd"": Goods returned"`,
        `${south},1710,,155.50,"Laden ""Süd"": Liability, paid for; Liability, returned goods"`,
        `${south},8400,,40.00,"Laden ""Süd"": Sales"`,
        `${bonns},1710,0.05,,"Bonn: Liability, paid for"`,
        `${bonns},8400,,0.05,Bonn: Sales`,
        '',
      ],
    ],
  ]);
});

test('DATEV reads a Buchungsstapel for each fiscal year, in Windows-1252', () => {
  const files = read(datevFiles(journal, datev), 'windows-1252');
  expect(files.map(([name]) => name)).toEqual(['EXTF_Buchungsstapel_12_2025.csv', 'EXTF_Buchungsstapel_12_2026.csv']);
  const [[, south] = ['', []], [, bonns] = ['', []]] = files;
  const header = (year: string, from: string, to: string) =>
    `"EXTF";700;21;"Buchungsstapel";13;20260403070809010;;"AP";"";"";29098;55003;${year};4;${from};${to};"Account payments 12";"";1;0;0;"EUR";;"";;;"";;;"";""`;
  expect(south[0]).toBe(header('20250401', '20260330', '20260331'));
  expect(bonns[0]).toBe(header('20260401', '20260401', '20260402'));

  const row = (amount: string, debit: string, credit: string, day: string, field: string, text: string, shop: string) =>
    `${amount};"S";"EUR";;;"";${debit};${credit};"";${day};"${field}";"";;"${text}";;"";;;;` +
    // The link, eight times two of the document's information, and the two cost centres.
    '"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";;"";;"";;;;;;' +
    `"Shop";${shop};` +
    // What is left of the further information: 18 times two.
    '"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";"";' +
    ';;;"";;;;"";"";;"";;;;"";"";;"";;"";;"";"";;"";;0;;;;"";;"";"";;"";;';
  const ofSouth = '"B-1";"Shop name";"Laden ""Süd"""';
  const text = (debit: string, credit: string) => `${debit} / ${credit}`;
  expect(south.slice(2)).toEqual([
    row('0,01', '1361', '1710', '3103', 'AP-12-20260331', text('Clearing, card', 'Liability, paid for'), ofSouth),
    row('125,50', '1600', '1710', '3103', 'AP-12-20260331', text('Clearing, cash', 'Liability, paid for'), ofSouth),
    row('40,00', '1710', '8400', '3103', 'AP-12-20260331', text('Liability, paid for', 'Sales'), ofSouth),
    row('10,00', '8400', '1710', '3103', 'AP-12-20260331', text('Sales', 'Liability, paid for'), ofSouth),
    row(
      '19,99',
      '8700',
      '1710',
      '3103',
      'AP-12-20260331',
      text('Goods returned', 'Liability, returned goods'),
      ofSouth,
    ),
    '',
  ]);
  const ofBonn = '"C-2";"Shop name";"Bonn"';
  expect(bonns.slice(2)).toEqual([
    row('0,05', '1710', '8400', '0104', 'AP-12-20260401', text('Liability, paid for', 'Sales'), ofBonn),
    '',
  ]);
  expect(south[1]?.split(';')).toHaveLength(125);
  expect(south[1]).toMatch(/^Umsatz \(ohne Soll\/Haben-Kz\);Soll\/Haben-Kennzeichen;WKZ Umsatz;Kurs;Basis-Umsatz;/);
  expect(south[1]).toMatch(/;EU-Land u\. UStID \(Ursprung\);EU-Steuersatz \(Ursprung\);Abw\. Skontokonto$/);
  expect(south[2]?.split(';')).toHaveLength(125);
});

test('what starts like a formula stays as it is: a program reads it', () => {
  const shopName = '=1+1';
  const one = { ...journal, postings: [{ ...bonn, shopName, debit: paid, credit: sales, amountMinor: 5 }] };
  expect(read(netsuiteFiles(one, netsuite))[0]?.[1][2]).toMatch(/,0\.05,=1\+1: Sales$/);
  expect(read(datevFiles(one, datev))[0]?.[1][2]).toContain(';"=1+1";');
});

test('a file for Xero has at most 300 lines, and a journal is in one file', () => {
  const many = Array.from({ length: 90 }, (_, i) => {
    const day = new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10);
    return [
      { ...bonn, day, debit: cash, credit: paid, amountMinor: 100 },
      { ...bonn, day, debit: paid, credit: sales, amountMinor: 50 },
    ];
  });
  const files = read(xeroFiles({ ...journal, postings: many.flat() }, xero));
  // 90 journals of 4 lines, the columns' names, and what follows the last end of line.
  expect(files.map(([name, lines]) => [name, lines.length - 1])).toEqual([
    ['xero-12-1.csv', 1 + 74 * 4],
    ['xero-12-2.csv', 1 + 16 * 4],
  ]);
  const crowded = Array.from({ length: 299 }, (_, i) => ({
    ...bonn,
    debit: { account: 'sales', code: String(i) } as const,
    credit: paid,
    amountMinor: 1,
  }));
  expect(xeroFiles({ ...journal, postings: crowded }, xero)).toEqual({ code: 'lines_not_carried', lines: 300 });
});

test('a file for NetSuite has at most 25,000 rows, and an entry is in one file', () => {
  const ofDay = (day: string, accounts: number) =>
    Array.from({ length: accounts }, (_, i) => ({
      ...bonn,
      day,
      credit: paid,
      amountMinor: 1,
      debit: { account: 'sales', code: String(i) } as const,
    }));
  // 12,000 and 13,001 rows: one more than are imported at once.
  const days = [...ofDay('2026-01-01', 11_999), ...ofDay('2026-01-02', 13_000)];
  const files = read(netsuiteFiles({ ...journal, postings: days }, netsuite));
  expect(files.map(([name, lines]) => [name, lines.length - 2])).toEqual([
    ['netsuite-12-1.csv', 12_000],
    ['netsuite-12-2.csv', 13_001],
  ]);
  const crowded = { ...journal, postings: ofDay('2026-01-01', 25_000) };
  expect(netsuiteFiles(crowded, netsuite)).toEqual({ code: 'lines_not_carried', lines: 25_001 });
});

test('what goes from an account to itself is in no file for DATEV, which would refuse it', () => {
  const same: Posting = { ...bonn, debit: returned, credit: paid, amountMinor: 5 };
  const [[, lines] = ['', []], ...more] = read(datevFiles({ ...journal, postings: [same, ...postings] }, datev)).slice(
    1,
  );
  expect(more).toEqual([]);
  expect(lines.slice(2, -1)).toHaveLength(1);
  expect(datevFiles({ ...journal, postings: [same] }, datev)).toEqual({ files: [] });
  expect(read(xeroFiles({ ...journal, postings: [same] }, xero))[0]?.[1].slice(1, -1)).toHaveLength(2);
});

test('nothing posted is no file', () => {
  const nothing = { ...journal, postings: [] };
  for (const carried of [xeroFiles(nothing, xero), netsuiteFiles(nothing, netsuite), datevFiles(nothing, datev)])
    expect(carried).toEqual({ files: [] });
});

const inYen = { ...journal, currency: 'JPY' };
const inDinar = { ...journal, currency: 'KWD' };
const with1 = (posting: Partial<Posting>) => ({ ...journal, postings: [{ ...postings[1], ...posting } as Posting] });

test('yen have no decimals, but DATEV writes two', () => {
  expect(read(xeroFiles(inYen, { ...xero, currency: 'JPY' }))[0]?.[1][2]).toContain(',12550,');
  expect(read(netsuiteFiles(inYen, netsuite))[0]?.[1][2]).toContain(',JPY,1600,12550,,');
  expect(read(datevFiles(inYen, { ...datev, currency: 'JPY' }))[0]?.[1][2]).toMatch(/^1,00;"S";"JPY";/);
});

test.each<[string, Carried, object]>([
  [
    'three decimals in Xero',
    xeroFiles(inDinar, { ...xero, currency: 'KWD' }),
    { code: 'decimals_not_carried', currency: 'KWD' },
  ],
  ['three decimals in NetSuite', netsuiteFiles(inDinar, netsuite), { code: 'decimals_not_carried', currency: 'KWD' }],
  [
    'three decimals in DATEV',
    datevFiles(inDinar, { ...datev, currency: 'KWD' }),
    { code: 'decimals_not_carried', currency: 'KWD' },
  ],
  ['another currency in Xero', xeroFiles(inYen, xero), { code: 'currency_not_kept', currency: 'JPY' }],
  ['another currency in DATEV', datevFiles(inYen, datev), { code: 'currency_not_kept', currency: 'JPY' }],
  [
    'a long account in Xero',
    xeroFiles(with1({ debit: { ...paid, code: '12345678901' } }), xero),
    { code: 'account_not_carried', account: '12345678901' },
  ],
  [
    'a long account in DATEV',
    datevFiles(with1({ credit: { ...sales, code: '123456' } }), datev),
    { code: 'account_not_carried', account: '123456' },
  ],
  [
    'an account with letters in DATEV',
    datevFiles(with1({ credit: { ...sales, code: '84A0' } }), datev),
    { code: 'account_not_carried', account: '84A0' },
  ],
  [
    'other letters in DATEV',
    datevFiles(with1({ shopName: 'Łódź' }), datev),
    { code: 'letters_not_carried', text: 'Łódź' },
  ],
  [
    'two lines in a name in DATEV',
    datevFiles(with1({ shopName: 'a\nb' }), datev),
    { code: 'letters_not_carried', text: 'a\nb' },
  ],
  [
    'a huge sum in DATEV',
    datevFiles(with1({ amountMinor: 1_000_000_000_000 }), datev),
    { code: 'amount_not_carried', amountMinor: 1_000_000_000_000 },
  ],
  [
    'a huge sum in NetSuite',
    netsuiteFiles(with1({ amountMinor: 1_000_000_000_000 }), netsuite),
    { code: 'amount_not_carried', amountMinor: 1_000_000_000_000 },
  ],
])('not carried: %s', (_, carried, expected) => {
  expect(carried).toEqual(expected);
});

test('Windows-1252 has 251 letters, each at its own byte, and no other', () => {
  const letters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
  const bytes = letters.flatMap((letter) => [...(windows1252(letter) ?? [])]);
  expect(new Set(bytes).size).toBe(251);
  expect(bytes).toHaveLength(251);
  expect(windows1252('A~\u00a0ß÷ÿ')).toEqual(Uint8Array.of(0x41, 0x7e, 0xa0, 0xdf, 0xf7, 0xff));
  expect(windows1252('€‚ŒŽ‘–—™œžŸ')).toEqual(
    Uint8Array.of(0x80, 0x82, 0x8c, 0x8e, 0x91, 0x96, 0x97, 0x99, 0x9c, 0x9e, 0x9f),
  );
  expect(windows1252('Łódź')).toBeUndefined();
  expect(windows1252('😀')).toBeUndefined();
});

test('a fiscal year begins on its day, in the year before it or in this one', () => {
  const years = ['2026-03-31', '2026-04-01', '2026-12-31'].map((day) => fiscalYearOf(day, datev));
  expect(years).toEqual(['2025-04-01', '2026-04-01', '2026-04-01']);
  expect(fiscalYearOf('2026-01-01', { fiscalYearStart: '01-01' })).toBe('2026-01-01');
});
