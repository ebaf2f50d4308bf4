import { isOneLine, lengthOf } from '../ids.js';

export const MAX_NAME_LENGTH = 200;

/** A customer whom the shop's own system does not know yet, as the staff type them in. */
export type NewCustomer = {
  readonly name: string;
  readonly phone: string | null;
  readonly email: string | null;
};

export function isName(value: string): boolean {
  return value !== '' && isOneLine(value) && lengthOf(value) <= MAX_NAME_LENGTH;
}

/** Digits, at least three of them, with whatever people write between them. */
export function isPhone(value: string): boolean {
  return /^[+(\d][\d\s()+/.-]{2,39}$/.test(value) && phoneDigits(value).length >= 3;
}

/** By which a phone number is found: 0049 30 and +49 (30) are one. */
export function phoneDigits(phone: string): string {
  return phone.replace(/\D/g, '').replace(/^00/, '');
}

/** As much as can be told without sending something there. */
export function isEmail(value: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(value) && isOneLine(value) && lengthOf(value) <= 254;
}
