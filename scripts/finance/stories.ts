import { hasEnded } from '../../domain/payment/payment.js';
import { acts, cancel, carryOut, expireByHand, type Act } from './acts.js';
import { give, replace } from './issues.js';
import { liveUntil, movementsOf, type Life } from './life.js';
import type { Random } from './random.js';
import { takeBack } from './returns.js';
import { settle } from './sales.js';

/** What this life has to have in it, beside what comes by chance. */
export type Plan = { readonly has: 'a_gift' | 'a_return' | 'neither'; readonly movements: number };

/** A payment to the end of the year, and those that came of it, each at the beginning of its own life. */
export function live(life: Life, plan: Plan, random: Random): Life[] {
  const moments = momentsOf(life, plan.movements + 6, random);
  const planned = plan.has === 'neither' ? undefined : moments[1];
  for (const atMs of moments) {
    liveUntil(life, Math.max(life.atMs, atMs));
    if (hasEnded(life.state.payment.standing) || movementsOf(life) >= plan.movements) break;
    if (life.state.payment.standing.status === 'used' && random.chance(0.8)) break;
    if (atMs === planned && plan.has === 'a_gift') life.others.push(...some(give(life, random)));
    else if (atMs === planned) sellAndTakeBack(life, random);
    else carryOut(random.weighted<Act>(acts), life, random);
  }
  life.others.push(...(hasEnded(life.state.payment.standing) ? afterExpiry(life, random) : byHand(life, random)));
  liveUntil(life, life.endMs);
  return life.others;
}

/** At any time of the day, over the half year after it was issued: some cross midnight, or a change of the clocks. */
function momentsOf({ atMs, endMs }: Life, count: number, random: Random): number[] {
  const lastMs = Math.min(endMs - 1, atMs + HALF_A_YEAR_MS);
  return Array.from({ length: count }, () => random.whole(atMs + 1, Math.max(atMs + 1, lastMs))).sort((a, b) => a - b);
}

const HALF_A_YEAR_MS = 182 * 86_400_000;

function sellAndTakeBack(life: Life, random: Random): void {
  settle(life, random);
  liveUntil(life, Math.min(life.endMs, life.atMs + random.whole(1, 20_000) * 60_000));
  takeBack(life, random);
}

/** Somebody ends it, and may be sorry. */
function byHand(life: Life, random: Random): Life[] {
  if (random.chance(0.01)) {
    expireByHand(life, random);
    return hasEnded(life.state.payment.standing) ? afterExpiry(life, random) : [];
  }
  const disposition = random.chance(0.08) ? cancel(life, random) : undefined;
  if (disposition === 'reissued') return [replace(life, 'reissue', random)];
  return disposition === 'forfeited' && random.chance(0.2) ? [replace(life, 'reinstatement', random)] : [];
}

/** Some of what has expired is let live again, or a sale of it is taken back too late. */
function afterExpiry(life: Life, random: Random): Life[] {
  if (life.state.payment.standing.status !== 'expired') return [];
  if (random.chance(0.15)) return [replace(life, 'reinstatement', random)];
  if (random.chance(0.25)) takeBack(life, random);
  return [];
}

function some(life: Life | undefined): Life[] {
  return life ? [life] : [];
}
