import { inOrderOfUse, type Share, type Taken } from '../../domain/sale/quote.js';
import type { Shop } from '../../domain/shop.js';
import type { Parts } from '../../service/parts.js';
import { livePayment } from '../../service/payment/read.js';
import type { Draft } from './draft.js';
import { amountOf, withOwnHold, type Offer } from './offers.js';

/** One payment of the list: what is known of it, and how much of it is to be used. */
export type Row = Share & {
  readonly offer: Offer | undefined;
  /** Whether the cashier named this amount. */
  readonly source: 'chosen' | 'proposed';
  /** What the sale has taken of it already. */
  readonly takenMinor: number;
};

/** What a form that gets no answer is to say again, to the letter. */
export type AsSent = { readonly uses: readonly Share[]; readonly drawn: readonly Share[]; readonly takenMinor: number };

const MAX_ROWS = 20;

type Known = {
  readonly offered: readonly Offer[];
  readonly held: readonly Share[];
  readonly asSent: AsSent | undefined;
};

/** What the books offer, and what is held, chosen or sent beside it: of these each payment tells itself. */
export async function offersFor(
  parts: Parts,
  { currency }: Shop,
  { customerId, chosen }: Draft,
  { offered, held, asSent }: Known,
): Promise<Offer[]> {
  const named = [...held, ...chosen, ...(asSent?.uses ?? [])].map(({ reference }) => reference);
  const missing = [...new Set(named)].filter((reference) => offered.every((each) => each.reference !== reference));
  const told = await Promise.all(missing.slice(0, MAX_ROWS).map((reference) => livePayment(parts, reference)));
  const own = told.flatMap((each) =>
    each !== undefined && each.customerId === customerId && each.currency === currency ? [each] : [],
  );
  return inOrderOfUse(withOwnHold([...offered, ...own], held));
}

type Listed = { readonly rows: Row[]; readonly unlisted: number };

export function rowsOf(
  { chosen }: Draft,
  offers: readonly Offer[],
  proposed: readonly Share[],
  taken: readonly Taken[],
): Listed {
  const takenOf = (reference: string) => taken.find((each) => each.reference === reference)?.takenMinor ?? 0;
  const known = offers.map((offer): Row => {
    const { reference } = offer;
    const choice = chosen.find((each) => each.reference === reference);
    const amountMinor = choice?.amountMinor ?? amountOf(proposed, reference);
    return { reference, amountMinor, offer, source: choice ? 'chosen' : 'proposed', takenMinor: takenOf(reference) };
  });
  const unknown = chosen
    .filter(({ reference }) => offers.every((each) => each.reference !== reference))
    .map((share): Row => ({ ...share, offer: undefined, source: 'chosen', takenMinor: takenOf(share.reference) }));
  const all = [...known, ...unknown];
  const rows = all.filter(({ amountMinor, source }, i) => i < MAX_ROWS || amountMinor > 0 || source === 'chosen');
  return { rows, unlisted: all.length - rows.length };
}

export function rowsAsSent({ uses, drawn }: AsSent, { chosen }: Draft, offers: readonly Offer[]): Listed {
  const rows = uses.map(({ reference, amountMinor }): Row => ({
    reference,
    amountMinor,
    offer: offers.find((each) => each.reference === reference),
    source: chosen.some((each) => each.reference === reference) ? 'chosen' : 'proposed',
    takenMinor: amountOf(drawn, reference),
  }));
  return { rows, unlisted: 0 };
}
