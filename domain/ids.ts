/** Visible ASCII without `@`, so that no e-mail address becomes an id; blanks may stand inside. */
const CALLERS_ID = /^[!-?A-~](?:[ -?A-~]{0,126}[!-?A-~])?$/;

/**
 * An id that a caller chose (customer, product, sale, staff, command): shops' own ids fit, such as `Shop/0042`, `#1001`
 * and `gid://shop/1`. Never `.` or `..`, which addresses cannot hold.
 */
export function isCallersId(value: string): boolean {
  return CALLERS_ID.test(value) && value !== '.' && value !== '..';
}

/** Who sends what time, a workflow or a person at a page sends: no key may speak as one of them. */
const OURS = /^(?:clock|operator|books)$|^(?:staff:|sale\/|gift\/)/;

export const MAX_CALLER_LENGTH = 64;

/** The name of the till or person that a key speaks for. */
export function isCallersName(value: string): boolean {
  return isCallersId(value) && value.length <= MAX_CALLER_LENGTH && !OURS.test(value);
}

/** What a shop's own system calls a tax, such as `DE19`. */
export function isTaxCode(value: string): boolean {
  return /^[!-~]{1,32}$/.test(value);
}

export const MAX_REASON_LENGTH = 500;
export const MAX_NOTES_LENGTH = 2_000;
export const REASON_SENTENCE = `A reason is one line of 1 to ${MAX_REASON_LENGTH} characters.`;

/** Text that Postgres stores as it came: no NUL, no lone surrogate. */
export function isStorableText(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed();
}

/** Text that is read as one line, a reason or a name: no control character, which is not to be seen. */
export function isOneLine(value: string): boolean {
  return isStorableText(value) && !/\p{Cc}/u.test(value);
}

/** Why something is done, in a person's words: one line in NFC, neither blank nor too long. */
export function isReason(value: string): boolean {
  const isText = value.trim() !== '' && value === value.normalize('NFC');
  return isText && isOneLine(value) && lengthOf(value) <= MAX_REASON_LENGTH;
}

/** Text that may have several lines, such as notes: of the control characters only what ends one. */
export function isLines(value: string): boolean {
  return isOneLine(value.replaceAll('\n', ''));
}

/** How long a text is to who reads it: in code points. */
export function lengthOf(text: string): number {
  return [...text].length;
}
