import type { Calendar } from './instants.js';

/** Crockford's base32: no I, L, O or U, so that a reference survives being read aloud. https://www.crockford.com/base32.html */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const REFERENCE = /^ACC-\d{8}-[0-9A-HJKMNP-TV-Z]{8}$/;

/**
 * `ACC-YYYYMMDD-XXXXXXXX`, unique for all practical purposes (40 random bits a day) and checked by Postgres.
 * @param random eight bytes from a cryptographic source
 */
export function makeReference(issuedAtMs: number, calendar: Calendar, random: Uint8Array): string {
  const date = calendar.dayAt(issuedAtMs).replaceAll('-', '');
  return `ACC-${date}-${lettersOf(random.subarray(0, 8))}`;
}

/** Five bits of each byte as a letter or digit that survives being read aloud. */
export function lettersOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => ALPHABET[byte % 32]).join('');
}

/**
 * A reference as people type it: in any case, with O for 0 and I or L for 1, with blanks and dashes anywhere. Returns
 * it in its one form; `undefined` for what is none.
 */
export function readReference(typed: string): string | undefined {
  const read = unambiguous(typed);
  const reference = `${read.slice(0, 3)}-${read.slice(3, 11)}-${read.slice(11)}`;
  return isReference(reference) ? reference : undefined;
}

/**
 * What a scanned text can mean: a reference as it stands, and as a scanner with an American keyboard types it on a
 * German machine, or the other way round: Y and Z change places, and the dash becomes another sign.
 */
export function scannedReferences(scanned: string): string[] {
  const dashed = scanned.replace(/[ßẞ/]/g, '-');
  const exchanged = dashed.replace(/[yz]/gi, (letter) => (letter.toUpperCase() === 'Y' ? 'Z' : 'Y'));
  const read = [dashed, exchanged].map(readReference).filter((each) => each !== undefined);
  return [...new Set(read)];
}

/** Letters and digits as a reference has them, of a part of one too. */
export function unambiguous(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}

/**
 * A reference that is nobody's, for no shop issues on that day. Whoever names another customer's payment is answered of
 * this one in its place: the same is asked for it, and it takes as long, as for any that is not there.
 */
export function nobodysReference(reference: string): string {
  return `ACC-00000000-${reference.slice(-8)}`;
}

export function isReference(value: string): boolean {
  return REFERENCE.test(value);
}
