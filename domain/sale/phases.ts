import type { Instant } from '../instants.js';

/**
 * What a sale is doing, or how it ended, and what may follow. It rests in `held`, and in those that nothing follows but
 * the next try: `completed` has none. A settlement is decided when it is `completing`: the till has heard `completed`
 * by then, and what is held is still being taken.
 */
export const arrows = {
  holding: ['held', 'completing', 'completed', 'releasing'],
  held: ['replacing', 'capturing', 'releasing'],
  replacing: ['held'],
  capturing: ['held', 'completed', 'lapsed'],
  completing: ['completed'],
  releasing: ['released', 'lapsed', 'refused', 'completed'],
  completed: [],
  released: ['holding'],
  lapsed: ['holding'],
  refused: ['holding'],
} as const satisfies Record<string, readonly string[]>;

type Status = keyof typeof arrows;

/** What a sale is told to be. */
export type SaleStatus = Exclude<Status, 'completing'>;

export const saleStatuses = Object.keys(arrows).filter((status) => status !== 'completing') as [
  SaleStatus,
  ...SaleStatus[],
];

export type Phase =
  | { readonly status: 'holding' | 'held' | 'replacing' | 'capturing' | 'releasing' }
  | { readonly status: 'completing' | 'completed' | 'released' | 'lapsed' | 'refused'; readonly since: Instant };

/** Whether a try that rests so is what the sale is; one that came to nothing is followed by the next. */
export function isCounted(status: Status): boolean {
  return status === 'held' || status === 'completed';
}

/** Whether a try has ended without having taken anything: its basket was not sold. */
export function hasComeToNothing(status: Status): boolean {
  return mayFollow(status, 'holding');
}

export function mayFollow(from: Status, to: Status): boolean {
  const next: readonly Status[] = arrows[from];
  return next.includes(to);
}
