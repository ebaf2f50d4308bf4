import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from '../../db/connect.js';
import { listExports } from '../../db/finance/exports.js';
import { ledgerFormats } from '../../domain/finance/ledger.js';
import { sentenceOf } from '../../domain/finance/refusals.js';
import { isDay } from '../../domain/instants.js';
import { formatMoney } from '../../domain/money.js';
import { Failure } from '../../runtime/failure.js';
import { exportJournal } from '../../service/finance/exportJournal.js';
import { OPERATOR } from '../staffDesk.js';

export const USAGE = [
  `export <legal entity> <currency> <${ledgerFormats.join('|')}> <from day> <to day> [folder]`,
  'exports',
];

/** Writes the files of an export, new or made before, into a folder. */
export async function exportDays(sql: Sql, words: string[]): Promise<'unknown' | void> {
  const [legalEntity, currency, name, fromDay, toDay, folder = '.', ...more] = words;
  const format = ledgerFormats.find((each) => each === name);
  if (legalEntity === undefined || currency === undefined || format === undefined || more.length > 0) return 'unknown';
  if (fromDay === undefined || toDay === undefined) return 'unknown';
  if (!isDay(fromDay) || !isDay(toDay) || fromDay > toDay)
    throw new Failure('Days are written 2026-11-29, the first one first.');
  const wish = { legalEntity, currency, format, fromDay, toDay };
  const exported = await exportJournal(sql, wish, { madeBy: OPERATOR, nowMs: Date.now() });
  if ('code' in exported) throw new Failure(sentenceOf(exported));
  const { number, madeAt, madeBy, debitsMinor } = exported.export;
  const posted = formatMoney(debitsMinor, currency);
  if (exported.made === 'now') console.log(`Export ${number}: ${posted} on each side.`);
  else
    console.log(`Export ${number} was made at ${madeAt} by ${madeBy}: ${posted} on each side. It is the same again.`);
  for (const { name: file, bytes } of exported.files) {
    await writeFile(join(folder, file), bytes);
    console.log(join(folder, file));
  }
}

export async function listMade(sql: Sql, words: string[]): Promise<'unknown' | void> {
  if (words.length > 0) return 'unknown';
  for (const {
    number,
    legalEntity,
    currency,
    format,
    fromDay,
    toDay,
    debitsMinor,
    madeAt,
    madeBy,
  } of await listExports(sql))
    console.log(
      `${number}  ${legalEntity}  ${format}  ${fromDay} to ${toDay}  ${formatMoney(debitsMinor, currency)}  ${madeAt}  ${madeBy}`,
    );
}
