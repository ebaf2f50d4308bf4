import { randomInt } from 'node:crypto';

/** None that is taken for another, read out or written down. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz';
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** `kwtm-zrad-…`: 72 random bits, to be typed from a sheet of paper. */
export function makePassword(): string {
  const letter = () => LETTERS.charAt(randomInt(LETTERS.length));
  const group = () => Array.from({ length: GROUP_LENGTH }, letter).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}
