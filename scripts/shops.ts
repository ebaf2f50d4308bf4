import { connect, disconnect, type Sql } from '../db/connect.js';
import { findShop, insertShop, listShops, updateShop, type ShopSettings } from '../db/shops.js';
import { rulesAgainstReplacements } from '../domain/law/replacements.js';
import { isJurisdiction, isLawKnown } from '../domain/law/rules.js';
import { isCurrency } from '../domain/money.js';
import { againstLaws, goodwillPayOuts, isShopId, MOST_IDLE_LOCK_MINUTES } from '../domain/shop.js';
import { Failure } from '../runtime/failure.js';
import { isTimeZone } from '../runtime/settings.js';
import { databaseUrlOf } from './databaseUrl.js';
import { operate } from './operate.js';

const USAGE = `usage: npm run shops -- list
       npm run shops -- add <shop id> <currency> <time zone> <name> [legal entity] [jurisdiction]
       npm run shops -- set <shop id> <setting> <value>, where a setting is name, jurisdiction,
           againstLaw, replacementLifetimeDays, tillIssueLimitMinor, goodwillPayOut or idleLockMinutes;
           a jurisdiction is a country or region of ISO 3166, as DE or US-CA; againstLaw is warned or refused`;
const NO_JURISDICTION = 'A jurisdiction is a country of ISO 3166, or a region of one: DE, GB, US-CA.';

await operate(async (settings) => {
  const sql = connect(await databaseUrlOf(settings), { name: 'account-payments-shops', connections: 1 });
  try {
    await carryOut(sql, process.argv.slice(2));
  } finally {
    await disconnect(sql);
  }
});

async function carryOut(sql: Sql, [verb, ...words]: string[]): Promise<void> {
  if (verb === 'list' && words.length === 0) return list(sql);
  if (verb === 'add' && words.length >= 4 && words.length <= 6) return add(sql, words);
  if (verb === 'set' && words.length === 3) return set(sql, words);
  throw new Failure(USAGE);
}

async function list(sql: Sql): Promise<void> {
  for (const { calendar: _, ...shop } of await listShops(sql))
    console.log(
      Object.entries(shop)
        .map(([name, value]) => `${name}: ${value ?? '-'}`)
        .join('  '),
    );
}

async function add(sql: Sql, words: string[]): Promise<void> {
  const [shopId = '', currency = '', timeZone = '', name = '', legalEntity = name, jurisdiction = null] = words;
  if (!isShopId(shopId))
    throw new Failure('A shop id is 1 to 32 letters, digits, _ and -, and begins with none of the last two.');
  if (!isCurrency(currency)) throw new Failure(`${currency} is no currency of ISO 4217.`);
  if (!isTimeZone(timeZone)) throw new Failure(`${timeZone} is no time zone of the IANA list.`);
  if (jurisdiction !== null && !isJurisdiction(jurisdiction)) throw new Failure(NO_JURISDICTION);
  const shop = { shopId, currency, timeZone, name, legalEntity, jurisdiction };
  if (!(await insertShop(sql, shop))) throw new Failure(`There is a shop ${shopId} already.`);
  console.log(`Added. Its currency, time zone and legal entity are settled: a move is a new shop.`);
  sayWhetherLawIsKnown(jurisdiction);
}

async function set(sql: Sql, [shopId = '', name = '', value = '']: string[]): Promise<void> {
  const settings = settingOf(name, value);
  if (!settings) throw new Failure(USAGE);
  if (!(await updateShop(sql, shopId, settings))) throw new Failure(`There is no shop ${shopId}.`);
  console.log('Set. An API goes on with what was before for at most a minute.');
  if ('jurisdiction' in settings) sayWhetherLawIsKnown(settings.jurisdiction ?? null);
  if ('jurisdiction' in settings || 'replacementLifetimeDays' in settings) await sayWhatIsTooShort(sql, shopId);
}

/** A place that is only misspelt looks like one without any law. */
function sayWhetherLawIsKnown(jurisdiction: string | null): void {
  if (jurisdiction !== null && !isLawKnown(jurisdiction))
    console.log(`No rule of law is known here for ${jurisdiction}: docs/law.md lists those that are.`);
}

/** What a return issues in place of an ended payment nobody is asked about. */
async function sayWhatIsTooShort(sql: Sql, shopId: string): Promise<void> {
  const shop = await findShop(sql, shopId);
  const rules = shop ? rulesAgainstReplacements(shop, Date.now()) : [];
  if (rules.length === 0) return;
  console.log('What a return issues in place of a payment that has ended would be over before the law lets it:');
  for (const { words } of rules) console.log(`  ${words.en}`);
}

/** An empty value of what may be none is none. */
function settingOf(name: string, value: string): ShopSettings | undefined {
  switch (name) {
    case 'name':
      return value === '' ? undefined : { name: value };
    case 'jurisdiction':
      if (value !== '' && !isJurisdiction(value)) throw new Failure(NO_JURISDICTION);
      return { jurisdiction: value === '' ? null : value };
    case 'againstLaw': {
      const againstLaw = againstLaws.find((each) => each === value);
      return againstLaw && { againstLaw };
    }
    case 'replacementLifetimeDays':
      if (value === '') return { replacementLifetimeDays: null };
      return /^[1-9]\d{0,4}$/.test(value) ? { replacementLifetimeDays: Number(value) } : undefined;
    case 'tillIssueLimitMinor':
      return /^\d{1,12}$/.test(value) ? { tillIssueLimitMinor: Number(value) } : undefined;
    case 'goodwillPayOut': {
      const goodwillPayOut = goodwillPayOuts.find((each) => each === value);
      return goodwillPayOut && { goodwillPayOut };
    }
    case 'idleLockMinutes': {
      if (value === '') return { idleLockMinutes: null };
      const idleLockMinutes = /^[1-9]\d{0,2}$/.test(value) ? Number(value) : MOST_IDLE_LOCK_MINUTES + 1;
      return idleLockMinutes > MOST_IDLE_LOCK_MINUTES ? undefined : { idleLockMinutes };
    }
    default:
      return undefined;
  }
}
