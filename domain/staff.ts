import { isCallersName, isOneLine, lengthOf } from './ids.js';
import { hasPassed, instantOf, type Instant } from './instants.js';
import type { Role } from './roles.js';

/** What the accounts of people may do. */
export const staffRoles = ['cashier', 'manager', 'finance', 'admin'] as const;
export type StaffRole = (typeof staffRoles)[number];

/** The role of a key that may do the same. */
export function roleOf(staffRole: StaffRole): Role {
  return staffRole === 'cashier' ? 'till' : staffRole;
}

export function isStaffRole(text: string | undefined): text is StaffRole {
  return staffRoles.some((role) => role === text);
}

/** What the log of the accounts tells. */
export const staffLogKinds = [
  'signed_in',
  'signed_out',
  'wrong_password',
  'locked',
  'unlocked',
  'added',
  'disabled',
  'enabled',
  'role_changed',
  'shops_changed',
  'password_reset',
  'password_changed',
] as const;
export type StaffLogKind = (typeof staffLogKinds)[number];

/** Under which a person signs in, and the `staffId` on everything they do: it never changes and is used once. */
export function isUsername(text: string): boolean {
  return /^[a-z0-9._-]{2,32}$/.test(text) && isCallersName(text);
}

/** As it was meant: phones write the first letter large. */
export function usernameOf(typed: string): string {
  return typed.trim().toLowerCase();
}

export function isPersonsName(text: string): boolean {
  return text.trim() === text && text.length > 0 && lengthOf(text) <= 100 && isOneLine(text);
}

export const LEAST_PASSWORD_LENGTH = 10;
export const MOST_PASSWORD_LENGTH = 128;

export function isPassword(text: string): boolean {
  return lengthOf(text) >= LEAST_PASSWORD_LENGTH && text.length <= MOST_PASSWORD_LENGTH;
}

/** How many passwords of an account are checked before it is locked, and for how long it then is. */
export const MOST_TRIES = 10;
export const LOCK_MS = 15 * 60_000;

export type Tries = { readonly tries: number; readonly lastTriedAt: Instant };

/** Until when no password of this account is checked; undefined when the next one will be. */
export function lockedUntil({ tries, lastTriedAt }: Tries, nowMs: number): Instant | undefined {
  const until = instantOf(Date.parse(lastTriedAt) + LOCK_MS);
  return tries >= MOST_TRIES && !hasPassed(until, nowMs) ? until : undefined;
}

/** Somebody has to be left who can let the others in. */
export function isLastAdmin(staffId: string, admins: readonly string[]): boolean {
  return admins.length === 1 && admins[0] === staffId;
}
