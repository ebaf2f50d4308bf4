import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect, disconnect, type Sql } from '../db/connect.js';
import { customerData } from '../db/customer/data.js';
import { eraseCustomer, listErasures } from '../db/customer/erasures.js';
import { eraseOldWords } from '../db/customer/oldWords.js';
import { findShop } from '../db/shops.js';
import { tokenOf } from '../domain/customer/erasure.js';
import { isCallersId, isReason, REASON_SENTENCE } from '../domain/ids.js';
import { createCalendar, instantOf } from '../domain/instants.js';
import { Failure } from '../runtime/failure.js';
import { databaseUrlOf } from './databaseUrl.js';
import { eraseAgain } from './eraseAgain.js';
import { MAIN_SHOP } from './mainShop.js';
import { operate } from './operate.js';

const USAGE = `usage: npm run erase -- customer <customer id> <reason>
       npm run erase -- list
       npm run erase -- again <file> ...
       npm run erase -- notes <days>
       npm run erase -- data <customer id>`;
const DAY_MS = 86_400_000;

await operate(async (settings) => {
  const sql = connect(await databaseUrlOf(settings), { name: 'account-payments-erase', connections: 1 });
  try {
    await carryOut(sql, process.argv.slice(2));
  } finally {
    await disconnect(sql);
  }
});

async function carryOut(sql: Sql, [verb, ...words]: string[]): Promise<void> {
  const [first, second] = words;
  if (verb === 'customer' && first !== undefined && second !== undefined && words.length === 2)
    return customer(sql, first, second.normalize('NFC').trim());
  if (verb === 'list' && words.length === 0) return list(sql);
  if (verb === 'again' && words.length > 0) return again(sql, words);
  if (verb === 'notes' && first !== undefined && words.length === 1) return notes(sql, first);
  if (verb === 'data' && first !== undefined && words.length === 1) return data(sql, first);
  throw new Failure(USAGE);
}

/** Names, phone, e-mail, notes, the words of gifts and reasons of one customer. The books stay. */
async function customer(sql: Sql, customerId: string, reason: string): Promise<void> {
  if (!isCallersId(customerId)) throw new Failure(`"${customerId}" is no customer's id.`);
  if (!isReason(reason)) throw new Failure(REASON_SENTENCE);
  const by = { caller: 'operator', staffId: null, shopId: MAIN_SHOP };
  const erasureId = randomBytes(32).toString('base64url');
  const erasure = { erasureId, customerId, erasedAt: instantOf(Date.now()), reason, ...by };
  await eraseCustomer(sql, erasure, (done) => console.log(tokenOf(done)));
  console.log('Erased. Keep this line outside the database for as long as a backup is kept:');
  console.log('with "npm run erase -- again <file>" it is erased again from one that is put back.');
}

/** All that is known of a customer, before it is erased or when they ask. */
async function data(sql: Sql, customerId: string): Promise<void> {
  const shop = (await findShop(sql, MAIN_SHOP)) ?? { calendar: createCalendar('UTC') };
  const known = await customerData(sql, customerId, shop);
  if (!known) throw new Failure(`Nothing is known of a customer "${customerId}".`);
  console.log(JSON.stringify({ customerId, ...known }, null, 2));
}

async function list(sql: Sql): Promise<void> {
  const erasures = await listErasures(sql);
  for (const erasure of erasures) console.log(tokenOf(erasure));
  if (erasures.length === 0) console.log('Nobody was erased yet.');
}

async function again(sql: Sql, files: string[]): Promise<void> {
  const texts = await Promise.all(
    files.map((file) =>
      readFile(file, 'utf8').catch(() => {
        throw new Failure(`${file} cannot be read.`);
      }),
    ),
  );
  const { erased, unknown } = await eraseAgain(sql, texts.join('\n'));
  console.log(`${erased} erased; of ${unknown} others nothing is known here.`);
}

async function notes(sql: Sql, days: string): Promise<void> {
  if (!/^[1-9]\d{0,4}$/.test(days)) throw new Failure('How old notes may be is a whole number of days, from 1.');
  const before = instantOf(Date.now() - Number(days) * DAY_MS);
  console.log(`${await eraseOldWords(sql, before)} notes and words of gifts older than ${days} days are erased.`);
}
