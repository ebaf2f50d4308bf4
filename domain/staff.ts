import type { Role } from './roles.js';

/** What the people of a shop may do; a cashier may do what a till may. */
export const staffRoles = ['cashier', 'manager', 'finance', 'admin'] as const;
export type StaffRole = (typeof staffRoles)[number];

export function roleOf(staffRole: StaffRole): Role {
  return staffRole === 'cashier' ? 'till' : staffRole;
}
