import { bareIdsOf, type CommandRecord, type PlainState } from '../payment/state.js';

/** What a workflow still knows of a command that it decided in an earlier run; of an old one only how it ended. */
export type Remembered =
  | {
      readonly form: 'whole';
      readonly outcome: CommandRecord['outcome'];
      readonly revision: number;
      readonly bodyHash: string;
      /** Of the movement that it made; 0 when it made none. */
      readonly sequence: number;
      readonly balanceBeforeMinor: number;
    }
  | { readonly form: 'bare'; readonly outcome: 'accepted' | 'refused' };

/** By the short hash of the command's id. */
export function rememberedBy(base: PlainState | null): ReadonlyMap<string, Remembered> {
  const known = new Map<string, Remembered>();
  if (!base) return known;
  for (const id of bareIdsOf(base.bareAccepted)) known.set(id, { form: 'bare', outcome: 'accepted' });
  for (const id of bareIdsOf(base.bareRefused)) known.set(id, { form: 'bare', outcome: 'refused' });
  for (const [id, bodyHash, revision, , sequence, balanceBeforeMinor] of base.accepted)
    known.set(id, { form: 'whole', outcome: 'accepted', revision, bodyHash, sequence, balanceBeforeMinor });
  for (const [id, bodyHash, revision, , outcome] of base.refused)
    known.set(id, { form: 'whole', outcome, revision, bodyHash, sequence: 0, balanceBeforeMinor: 0 });
  return known;
}
