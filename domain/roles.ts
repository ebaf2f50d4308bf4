import type { FreezeCause } from './payment/command.js';
import type { ReturnAuthority } from './sale/sale.js';

/** What the keys of callers may do. */
export const roles = ['till', 'manager', 'finance', 'admin'] as const;
export type Role = (typeof roles)[number];

export type Permission = 'read' | 'spend' | 'issue' | 'manage' | 'report' | 'enter' | 'reopen';

const permissions: Readonly<Record<Role, readonly Permission[]>> = {
  till: ['read', 'spend', 'issue'],
  manager: ['read', 'spend', 'issue', 'manage'],
  finance: ['read', 'report', 'enter'],
  admin: ['read', 'spend', 'issue', 'manage', 'report', 'enter', 'reopen'],
};

export function isPermitted(role: Role, permission: Permission): boolean {
  return permissions[role].includes(permission);
}

/** What the books or a reconciliation say is an admin's to answer. */
export function mayFreezeOrThaw(role: Role, cause: FreezeCause): boolean {
  return cause === 'staff' || role === 'admin';
}

/** The words beside a gift are between two customers: they are no business of a till that only knows its id. */
export function mayReadMessages(role: Role): boolean {
  return isPermitted(role, 'manage');
}

/** Names of staff are no business of a till, which knows who stands before it by their ids. */
export function mayReadStaffNames(role: Role): boolean {
  return role !== 'till';
}

/** A till says whose sale it acts on: an id that was mistyped, or guessed, then moves nobody else's money. */
export function mustNameCustomer(role: Role): boolean {
  return role === 'till';
}

/** With whose authority a sale is taken back. */
export function authorityOf(role: Role): ReturnAuthority {
  return role === 'till' ? 'till' : 'manager';
}
