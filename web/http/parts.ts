import type { StaffDesk } from '../../service/staff/desk.js';
import type { Parts } from '../../service/parts.js';

/** What the pages work with: what the shop does, and who of its staff sits before them. */
export type PageParts = Parts & {
  readonly desk: StaffDesk;
  /** Under which people open the pages, where it is not the machine's own loopback address. */
  readonly publicUrl: URL | undefined;
  /** Where operators look at workflows; admins are shown the way. */
  readonly temporalUiUrl: URL | undefined;
};
