const CALLERS_ID = /^[A-Za-z0-9._:-]{1,64}$/;

/** Names that mean something to a JavaScript object: nobody's sale is called that, but somebody's attack is. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** An id that a caller chose (customer, product, sale, staff, command): short, and no e-mail address fits. */
export function isCallersId(value: string): boolean {
  return CALLERS_ID.test(value) && !RESERVED.has(value);
}

export const MAX_REASON_LENGTH = 500;
export const MAX_NOTES_LENGTH = 2_000;

/** Text that Postgres stores as it came: no NUL, no lone surrogate. */
export function isStorableText(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed();
}
