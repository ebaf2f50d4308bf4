import type { Attempt, Drawn, HoldSale, Source } from './sale.js';

/** A hold that takes the place of another one: what the payments are asked for, in this order. */
export type Replacement = {
  /** More than is held there, or a payment that is new: each may refuse. */
  readonly grown: readonly (Drawn & { readonly before: Source | null })[];
  /** As much as is held there, or less: none can refuse. */
  readonly shrunk: readonly (Drawn & { readonly before: Source })[];
  /** Held there, and not asked for any more. */
  readonly dropped: readonly Source[];
};

export function planReplacement({ sources }: Attempt, { payments }: HoldSale): Replacement {
  const heldOn = (reference: string) =>
    sources.find((source) => source.reference === reference && source.heldMinor > 0) ?? null;
  const asked = payments.map((drawn) => ({ ...drawn, before: heldOn(drawn.reference) }));
  return {
    grown: asked.filter(({ before, amountMinor }) => !before || amountMinor > before.heldMinor),
    shrunk: asked.flatMap(({ before, ...drawn }) =>
      before && drawn.amountMinor <= before.heldMinor ? [{ ...drawn, before }] : [],
    ),
    dropped: sources.filter(
      ({ reference, heldMinor }) => heldMinor > 0 && payments.every((each) => each.reference !== reference),
    ),
  };
}

/** What the sale would draw on, once all of it is held; what an earlier capture took stays told. */
export function replacedSources(
  { sources }: Attempt,
  { payments }: HoldSale,
  held: readonly { reference: string; holdId: string }[],
): Source[] {
  const drawn = payments.map(({ reference, amountMinor }): Source => {
    const before = sources.find((source) => source.reference === reference) ?? unheld(reference);
    const now = held.find((each) => each.reference === reference);
    return { ...before, ...now, heldMinor: amountMinor };
  });
  const rest = sources.filter(({ reference }) => payments.every((each) => each.reference !== reference));
  const isTold = ({ takenMinor, missingMinor }: Source) => takenMinor > 0 || missingMinor > 0;
  return [...drawn, ...rest.filter(isTold).map((source) => ({ ...source, heldMinor: 0 }))];
}

/** A payment of which nothing is held yet. */
export function unheld(reference: string): Source {
  return {
    reference,
    holdId: '',
    heldMinor: 0,
    capturedMinor: 0,
    takenMinor: 0,
    givenBackMinor: 0,
    keptMinor: 0,
    missingMinor: 0,
    scope: null,
    revision: 0,
  };
}
