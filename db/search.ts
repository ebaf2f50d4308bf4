import { nameWords } from '../domain/nameWords.js';
import type { Sql } from './connect.js';

/**
 * The patterns of `ilike` for texts in which this may be meant: which hold it, or, of one or two letters or digits, in
 * which a word begins so. No index has less than three of them in the middle of a word; nor one of other signs alone,
 * for which all is read.
 */
export function patternsOf(q: string): string[] {
  const text = q.normalize('NFC').replace(/[\\%_]/g, '\\$&');
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const [word] = words;
  const isShort = words.length === 1 && word !== undefined && [...word].length < 3 && text.startsWith(word);
  return isShort ? [`${text}%`, `% ${text}%`, `%-${text}%`] : [`%${text}%`];
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
