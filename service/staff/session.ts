import type { Shop } from '../../domain/shop.js';
import type { StaffRole } from '../../domain/staff.js';

/** Who is there, and where. */
export type Session = {
  /** The username. */
  readonly staffId: string;
  readonly name: string;
  readonly staffRole: StaffRole;
  /** Chosen at sign-in. */
  readonly shop: Shop;
  /** Those to choose among. */
  readonly shops: readonly Shop[];
};
