/** Who asks for hardly anything but what is refused. */
export type Fruitless = {
  /** What became of a command. */
  readonly note: (caller: string, outcome: 'done' | 'refused') => void;
  readonly isFruitless: (caller: string) => boolean;
};

/** No till has so many refused before some of its commands are done. */
const MOST = 10;
/** One that is done makes up for so many: a single one among refusals is easily had, and says nothing of the others. */
const MAKES_UP_FOR = 2;

/** Counts refusals that nothing made up for, up to the bound. Each process counts for itself. */
export function createFruitless(most = MOST): Fruitless {
  const refusals = new Map<string, number>();
  return {
    note(caller, outcome) {
      const before = refusals.get(caller) ?? 0;
      const count = outcome === 'refused' ? Math.min(most, before + 1) : before - MAKES_UP_FOR;
      if (count > 0) refusals.set(caller, count);
      else refusals.delete(caller);
    },

    isFruitless: (caller) => (refusals.get(caller) ?? 0) >= most,
  };
}
