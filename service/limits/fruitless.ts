/** Who asks for nothing but what is refused. */
export type Fruitless = {
  /** What became of a command. */
  readonly note: (caller: string, outcome: 'done' | 'refused') => void;
  readonly isFruitless: (caller: string) => boolean;
};

/** No till is refused so often before one of its commands is done. */
const MOST = 10;

/** Counts refusals in a row. Each process counts for itself. */
export function createFruitless(most = MOST): Fruitless {
  const inARow = new Map<string, number>();
  return {
    note(caller, outcome) {
      if (outcome === 'done') inARow.delete(caller);
      else inARow.set(caller, (inARow.get(caller) ?? 0) + 1);
    },

    isFruitless: (caller) => (inARow.get(caller) ?? 0) >= most,
  };
}
