/** The same numbers for the same seed, wherever and whenever it runs: mulberry32. */
export type Random = {
  /** From 0 up to 1. */
  readonly part: () => number;
  /** A whole number from `least` through `most`. */
  readonly whole: (least: number, most: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Each>(from: readonly Each[]) => Each;
  /** One of the names, each as often as its weight has it. */
  readonly weighted: <Name extends string>(weights: Readonly<Record<Name, number>>) => Name;
  readonly bytes: (count: number) => Uint8Array;
  /** Twelve signs that come once. */
  readonly id: () => string;
};

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const part = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (least: number, most: number) => least + Math.floor(part() * (most - least + 1));
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => whole(0, 255));
  return {
    part,
    whole,
    bytes,
    chance: (probability) => part() < probability,
    pick: <Each>(from: readonly Each[]) => from[whole(0, from.length - 1)] as Each,
    weighted: <Name extends string>(weights: Readonly<Record<Name, number>>) => {
      const entries = Object.entries(weights) as [Name, number][];
      let left = part() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      return (entries.find(([, weight]) => (left -= weight) < 0) ?? entries[0])?.[0] as Name;
    },
    id: () => Buffer.from(bytes(9)).toString('base64url'),
  };
}
