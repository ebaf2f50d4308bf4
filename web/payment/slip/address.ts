import { BACK } from '../../http/backToTill.js';

/** How wide the printer's paper is, in millimetres where it is a roll. */
export const papers = ['58', '80', 'a4'] as const;
export type Paper = (typeof papers)[number];

/** What became of the issue that this slip comes from; see `recorded` in the texts. */
export const outcomes = ['yes', 'no', 'before'] as const;
type Outcome = (typeof outcomes)[number];

/** What is printed; `till` is the sale that the issue was asked from, `next` what its other papers are opened by. */
export type Print = { readonly paper: Paper; readonly till: string | undefined } & (
  | { readonly kind: 'first'; readonly outcome: Outcome; readonly next: number }
  | { readonly kind: 'copy'; readonly outcome: Outcome | undefined }
);

type Opening = {
  readonly paper?: Paper;
  readonly first?: number;
  readonly outcome?: Outcome;
  readonly till?: string | undefined;
};

/** Where a slip is opened, for the first time or again. */
export function slipPath(reference: string, { paper, first, outcome = 'yes', till }: Opening): string {
  const query = new URLSearchParams({
    ...(paper !== undefined && { paper }),
    ...(first !== undefined && { first: String(first) }),
    ...(outcome !== 'yes' && { done: outcome }),
    ...(till !== undefined && { [BACK]: till }),
  });
  return `/account-payments/${reference}/slip?${query.toString()}`;
}
