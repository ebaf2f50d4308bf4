import type { Instant } from '../../domain/instants.js';
import type { Shop } from '../../domain/shop.js';
import type { StaffRole } from '../../domain/staff.js';

export type Session = {
  readonly staffId: string;
  readonly name: string;
  readonly staffRole: StaffRole;
  readonly shop: Shop;
  readonly shops: readonly Shop[];
};

export type SignIn =
  | { readonly outcome: 'signed_in'; readonly session: Session; readonly cookies: readonly string[] }
  | { readonly outcome: 'choose_shop'; readonly shops: readonly Shop[] }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'locked'; readonly until: Instant }
  | { readonly outcome: 'no_shop' };

export type Signature =
  | { readonly outcome: 'signed'; readonly staffId: string; readonly staffRole: StaffRole }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'locked'; readonly until: Instant };

export type StaffDesk = {
  readonly sessionOf: (headers: Headers) => Promise<Session | undefined>;
  readonly signIn: (typed: {
    readonly username: string;
    readonly password: string;
    readonly shopId?: string | undefined;
  }) => Promise<SignIn>;
  readonly sign: (typed: { readonly username: string; readonly password: string }, shop: Shop) => Promise<Signature>;
  readonly signOut: (headers: Headers) => Promise<readonly string[]>;
};
