import type { Rule } from '../../../domain/law/rule.js';
import type { Descendant, Fate } from '../../../domain/payment/explain.js';
import type { FundingKind } from '../../../domain/payment/funding.js';
import type { Disposition, Purpose, Tender } from '../../../domain/payment/command.js';

const purposes = { deposit: 'a deposit', store_credit: 'store credit', prepayment: 'a prepayment', gift: 'a gift' };
const tenders = { cash: 'in cash', card: 'by card', bank_transfer: 'by bank transfer', other: 'by other means' };

/** The sentences of a payment's life in English, who did it in front; those of another language have the same shape. */
export const inEnglish = {
  who: (caller: string, staff: string | null) => (staff === null ? caller : `${caller} for ${staff}`),
  clock: 'The clock',
  operator: 'An operator',
  books: 'The comparison with the books',
  where: (who: string, shop: string) => `${who} in ${shop}`,
  because: (reason: string) => ` Reason: “${reason}”.`,
  againstLaw: (rules: readonly Rule['words'][], reason: string | null) =>
    ` It was done although a law stands against it${reason === null ? '' : `, for this reason: “${reason}”`}.${rules.map(({ en }) => ` ${en}`).join('')}`,
  sale: (saleId: string, shop: string | null) => (shop === null ? `sale ${saleId}` : `sale ${saleId} of shop ${shop}`),
  issued: {
    begin: (who: string, amount: string, purpose: Purpose, customer: string) =>
      `${who} issued ${amount} to customer ${customer} as ${purposes[purpose]}`,
    paid: (tender: Tender) => `, paid ${tenders[tender]}.`,
    return: (receipt: string | null) =>
      receipt === null ? ', for goods that came back.' : `, for goods of receipt ${receipt} that came back.`,
    goodwill: ', given free.',
    gift: (from: string) => `, as a gift out of ${from}.`,
    replacement: {
      return: (of: string, sale: string) => `: ${sale} was taken back after ${of} had ended, so this took its place.`,
      reinstatement: (of: string) => `, in place of ${of}, whose loss was undone.`,
      reissue: (of: string) => `, in place of ${of}, which was issued anew.`,
    },
    through: (day: string) => ` It is good through ${day}.`,
    forEver: ' It has no end.',
    taxedAtIssue: ' Its tax fell due then.',
    taxedAtRedemption: ' Its tax falls due as it is used.',
  },
  ancestor: (reference: string, amount: string, when: string, funding: FundingKind, tender: Tender | null) =>
    `The money came from ${reference}, ${amount}, issued ${when}${ancestry(funding, tender)}.`,
  left: (amount: string) => ` ${amount} were left.`,
  nothingLeft: ' Nothing was left.',
  spent: (who: string, amount: string, sale: string) => `${who} used ${amount} for ${sale}.`,
  givenBack: (who: string, amount: string, sale: string) => `${who} put ${amount} back, of ${sale}.`,
  keptOf: (fee: string) => ` A fee of ${fee} was kept.`,
  kept: (who: string, fee: string, sale: string) =>
    `${who} took back ${sale} and kept ${fee} of it as a fee: nothing was put back.`,
  gifted: (who: string, amount: string, to: string) => `${who} gave ${amount} away; it became ${to}.`,
  paidOut: (who: string, amount: string, tender: Tender) => `${who} paid ${amount} out ${tenders[tender]}.`,
  ranOut: (amount: string) => `Its last day was over: ${amount} expired.`,
  expired: (who: string, amount: string) => `${who} let it expire: ${amount} were lost.`,
  cancelled: (who: string, amount: string, disposition: Disposition, tender: Tender | null) =>
    `${who} cancelled it: ${amount} ${dispositions(tender)[disposition]}.`,
  extended: (who: string, day: string | null) =>
    day === null ? `${who} took its end away.` : `${who} made it good through ${day}.`,
  frozen: (who: string) => `${who} froze it: nothing new could be spent.`,
  thawed: (who: string) => `${who} thawed it.`,
  leftOut: (count: string) => `${count} later happenings are not told here; the sums below have them.`,
  refused: (count: string) =>
    count === '1'
      ? 'One other request was refused and moved nothing.'
      : `${count} other requests were refused and moved nothing.`,
  total: {
    begin: (issued: string) => `Of the ${issued} that were issued`,
    withBack: (issued: string, back: string) => `Of the ${issued} that were issued and the ${back} that came back`,
    became: (fate: Fate, amount: string, count: string) => `${amount} ${fates[fate]}${times(count)}`,
    left: (amount: string) => `${amount} are left`,
    held: (amount: string) => `, of which ${amount} are held for sales that are under way`,
    nothing: 'nothing is left',
    frozen: ' It is frozen.',
  },
  descendant: (cause: Descendant['cause'], reference: string, amount: string) =>
    `${reference}, ${amount}, ${descent[cause]}.`,
};

export type Sentences = typeof inEnglish;

const dispositions = (tender: Tender | null): Readonly<Record<Disposition, string>> => ({
  paid_out: `were paid out${tender === null ? '' : ` ${tenders[tender]}`}`,
  forfeited: 'were kept by the shop',
  remitted: 'were handed to a state as unclaimed',
  issued_in_error: 'had been issued in error',
  reissued: 'were issued anew',
});

const fates: Readonly<Record<Fate, string>> = {
  spent: 'were spent',
  gifted: 'were given away',
  paid_out: 'were paid out',
  expired: 'expired',
  forfeited: 'were kept by the shop',
  remitted: 'were handed to a state',
  issued_in_error: 'had been issued in error',
  reissued: 'were issued anew',
};

const descent = {
  gift: 'was given out of it',
  return: 'took its place when a sale was taken back',
  reinstatement: 'took its place when its loss was undone',
  reissue: 'took its place when it was issued anew',
};

function ancestry(funding: FundingKind, tender: Tender | null): string {
  switch (funding) {
    case 'paid':
      return tender === null ? '' : ` and paid ${tenders[tender]}`;
    case 'return':
      return ' for goods that came back';
    case 'goodwill':
      return ' free';
    case 'gift':
      return ' as a gift itself';
    case 'replacement':
      return ' in place of another';
  }
}

function times(count: string): string {
  return count === '1' ? '' : ` (${count} times)`;
}
