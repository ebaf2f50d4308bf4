import { nameWords } from '../domain/nameWords.js';
import type { Sql } from './connect.js';

/** The pattern of `ilike` for texts that hold this one, in Unicode's normal form C as they are kept. */
export function partOf(q: string): string {
  return `%${q.normalize('NFC').replace(/[\\%_]/g, '\\$&')}%`;
}

/**
 * The patterns of `ilike` for texts in which this may be meant: which hold it, or, of one or two letters or digits, in
 * which a word begins so. No index has less than three signs in the middle of a word.
 */
export function patternsOf(q: string): readonly string[] {
  return /^[0-9A-Za-z]{1,2}$/.test(q) ? [`${q}%`, `% ${q}%`, `%-${q}%`] : [partOf(q)];
}

/**
 * Whether a name has words that begin with all of these. Full-text search without its parser: the words are ours, of
 * letters and digits only, and compared byte by byte, so it is the same under any locale and has an index.
 */
export function isNamed(sql: Sql, q: string) {
  const words = nameWords(q);
  if (words.length === 0) return sql`false`;
  return sql`name_words @@ ${words.map((word) => `'${word}':*`).join(' & ')}::tsquery`;
}
