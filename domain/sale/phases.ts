import type { Instant } from '../instants.js';

/**
 * What a sale is doing, or how it ended, and what may follow. It rests in `held`, and in those that nothing follows but
 * the next try: `completed` has none.
 */
export const arrows = {
  holding: ['held', 'releasing'],
  held: ['replacing', 'capturing', 'releasing'],
  replacing: ['held'],
  capturing: ['held', 'completed', 'lapsed'],
  releasing: ['released', 'lapsed', 'refused', 'completed'],
  completed: [],
  released: ['holding'],
  lapsed: ['holding'],
  refused: ['holding'],
} as const satisfies Record<string, readonly string[]>;

export type SaleStatus = keyof typeof arrows;

export const saleStatuses = Object.keys(arrows) as [SaleStatus, ...SaleStatus[]];

export type Phase =
  | { readonly status: 'holding' | 'held' | 'replacing' | 'capturing' | 'releasing' }
  | { readonly status: 'completed' | 'released' | 'lapsed' | 'refused'; readonly since: Instant };

export function mayFollow(from: SaleStatus, to: SaleStatus): boolean {
  const next: readonly SaleStatus[] = arrows[from];
  return next.includes(to);
}
