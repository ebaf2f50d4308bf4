import { isStaffRole } from '../../domain/staff.js';
import type { ChangedOrLastAdmin, Reset, ShopsChanged } from '../../service/staff/accountChanges.js';
import type { StaffDesk } from '../../service/staff/desk.js';
import { keyIn, type Values } from '../http/form.js';

/** What an admin does about an account. */
export const acts = ['role', 'shops', 'reset', 'unlock', 'disable', 'enable'] as const;
export type Act = (typeof acts)[number];

export function isAct(text: string | undefined): text is Act {
  return acts.some((act) => act === text);
}

type Done = ChangedOrLastAdmin | ShopsChanged | Reset | { readonly outcome: 'no_such_role' };

export async function carryOut(desk: StaffDesk, by: string, staffId: string, act: Act, values: Values): Promise<Done> {
  const { staffRole, shopIds = '' } = values;
  switch (act) {
    case 'role':
      return isStaffRole(staffRole) ? desk.setRole(by, staffId, staffRole) : { outcome: 'no_such_role' };
    case 'shops':
      return desk.setShops(
        by,
        staffId,
        shopIds.split('\n').filter((id) => id !== ''),
      );
    case 'reset':
      return desk.reset(by, staffId, keyIn(values));
    case 'unlock':
      return desk.unlock(by, staffId);
    case 'disable':
      return desk.disable(by, staffId);
    case 'enable':
      return desk.enable(by, staffId);
  }
}
