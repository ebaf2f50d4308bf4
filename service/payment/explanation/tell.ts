import { warningsOf } from '../../../domain/law/decision.js';
import type { SaleKey } from '../../../domain/payment/command.js';
import {
  balanceOfLife,
  happeningOf,
  type Happening,
  type KnownLife,
  type LifeRow,
} from '../../../domain/payment/explain.js';
import type { Instant } from '../../../domain/instants.js';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { Sentences } from './english.js';

/** In which language it is told, and how amounts and times are written in it. */
export type Telling = {
  readonly sentences: Sentences;
  readonly money: (amountMinor: number) => string;
  readonly number: (value: number) => string;
  readonly instant: (instant: Instant) => string;
  /** The last day of something that ends at this instant. */
  readonly lastDay: (end: Instant) => string;
};

/** One sentence or two about one thing that happened, with the command that did it. */
export type Told = {
  readonly at: Instant;
  readonly happening: Happening;
  readonly commandId: string;
  readonly revision: number;
  readonly text: string;
  readonly amountMinor: number | null;
  readonly balanceAfterMinor: number | null;
  readonly counterpart: string | null;
  readonly saleShopId: string | null;
  readonly saleId: string | null;
};

/** Another payment, and what it has to do with this one. */
export type ToldOfKin = { readonly reference: string; readonly text: string };

export type Explanation = {
  readonly cameFrom: readonly ToldOfKin[];
  readonly happened: readonly Told[];
  readonly total: string;
  readonly wentOnAs: readonly ToldOfKin[];
  /** What else there is to know of what is told. */
  readonly remarks: readonly string[];
};

/** The life of a payment in sentences: where its money came from, what became of each part of it, what is left. */
export function explain(known: KnownLife, telling: Telling): Explanation {
  const { payment, rows, ancestors, descendants, refusedCount, leftOutCount } = known;
  const { sentences, money, number, instant } = telling;
  return {
    cameFrom: ancestors.map(({ reference, amountMinor, issuedAt, funding, tender }) => ({
      reference,
      text: sentences.ancestor(reference, money(amountMinor), instant(issuedAt), funding, tender),
    })),
    happened: rows.flatMap((row) => {
      const happening = happeningOf(row);
      return happening === undefined ? [] : [toldOf(row, happening, payment, telling)];
    }),
    total: totalOf(known, telling),
    wentOnAs: descendants.map(({ reference, cause, amountMinor }) => ({
      reference,
      text: sentences.descendant(cause, reference, money(amountMinor)),
    })),
    remarks: [
      ...(leftOutCount > 0 ? [sentences.leftOut(number(leftOutCount))] : []),
      ...(refusedCount > 0 ? [sentences.refused(number(refusedCount))] : []),
    ],
  };
}

function toldOf(row: LifeRow, happening: Happening, payment: AccountPaymentView, telling: Telling): Told {
  const { decidedAt: at, commandId, revision, amountMinor, balanceAfterMinor, counterpart, saleShopId, saleId } = row;
  const { sentences, money } = telling;
  const isIssue = happening === 'issued';
  const because = row.reason === null ? '' : sentences.because(row.reason);
  const left =
    isIssue || balanceAfterMinor === null || (payment.endedBalanceMinor !== null && balanceAfterMinor === 0)
      ? ''
      : balanceAfterMinor === 0
        ? sentences.nothingLeft
        : sentences.left(money(balanceAfterMinor));
  const text = `${sentenceOf(row, happening, payment, telling)}${left}${because}${againstLawOf(row, sentences)}`;
  return { at, happening, commandId, revision, text, amountMinor, balanceAfterMinor, counterpart, saleShopId, saleId };
}

function sentenceOf(row: LifeRow, happening: Happening, payment: AccountPaymentView, telling: Telling): string {
  const { sentences, money, lastDay } = telling;
  const who = whoOf(row, sentences);
  const amount = money(Math.abs(row.amountMinor ?? 0));
  const sale = saleOf(row, row.shopId, sentences);
  const fee = money(row.keptMinor);
  switch (happening) {
    case 'issued':
      return issueOf(who, payment, telling, row);
    case 'spent':
      return sentences.spent(who, amount, sale);
    case 'given_back':
      return sentences.givenBack(who, amount, sale) + (row.keptMinor > 0 ? sentences.keptOf(fee) : '');
    case 'kept':
      return sentences.kept(who, fee, sale);
    case 'gifted':
      return sentences.gifted(who, amount, row.counterpart ?? '');
    case 'paid_out':
      return sentences.paidOut(who, amount, row.tender ?? 'other');
    case 'ran_out':
      return sentences.ranOut(amount);
    case 'expired':
      return sentences.expired(who, amount);
    case 'cancelled':
      return sentences.cancelled(who, amount, row.disposition ?? 'forfeited', row.tender);
    case 'extended':
      return sentences.extended(who, row.expiresAt === null ? null : lastDay(row.expiresAt));
    case 'frozen':
      return sentences.frozen(who);
    case 'thawed':
      return sentences.thawed(who);
  }
}

/** What a manager did against a law, and why, as long as the reason is known. */
function againstLawOf({ law }: LifeRow, sentences: Sentences): string {
  if (law?.outcome !== 'overridden') return '';
  return sentences.againstLaw(
    warningsOf(law.rules).map(({ words }) => words),
    law.reason ?? null,
  );
}

function issueOf(
  who: string,
  payment: AccountPaymentView,
  { sentences, money, lastDay }: Telling,
  row: LifeRow,
): string {
  const { issued } = sentences;
  const { amountMinor, purpose, customerId, taxPoint } = payment;
  return [
    issued.begin(who, money(amountMinor), purpose, customerId),
    sourceOf(payment, sentences, row),
    row.expiresAt === null ? issued.forEver : issued.through(lastDay(row.expiresAt)),
    taxPoint === 'issue' ? issued.taxedAtIssue : issued.taxedAtRedemption,
  ].join('');
}

function sourceOf(payment: AccountPaymentView, sentences: Sentences, { shopId }: LifeRow): string {
  const { issued } = sentences;
  const { funding, tender, receiptId, givenFrom, replaces, origin } = payment;
  switch (funding) {
    case 'paid':
      return issued.paid(tender ?? 'other');
    case 'return':
      return issued.return(receiptId);
    case 'goodwill':
      return issued.goodwill;
    case 'gift':
      return issued.gift(givenFrom ?? '');
    case 'replacement':
      if (origin === 'return') return issued.replacement.return(replaces ?? '', saleOf(payment, shopId, sentences));
      return issued.replacement[origin ?? 'reinstatement'](replaces ?? '');
  }
}

function totalOf({ payment, sums }: KnownLife, { sentences, money, number }: Telling): string {
  const { total } = sentences;
  const { issuedMinor, givenBackMinor, became, leftMinor } = balanceOfLife({ payment, sums });
  const [issued, back] = [money(issuedMinor), money(givenBackMinor)];
  const held = payment.heldMinor > 0 ? total.held(money(payment.heldMinor)) : '';
  const parts = [
    ...became.map(({ fate, amountMinor, count }) => total.became(fate, money(amountMinor), number(count))),
    leftMinor > 0 ? total.left(money(leftMinor)) + held : total.nothing,
  ];
  const begin = givenBackMinor > 0 ? total.withBack(issued, back) : total.begin(issued);
  const frozen = payment.status === 'active' && payment.frozenCauses.length > 0 ? total.frozen : '';
  return `${begin}: ${parts.join('; ')}.${frozen}`;
}

function whoOf({ caller, callerName, staffId, staffName, shopId, shopName }: LifeRow, sentences: Sentences): string {
  if (caller === 'clock') return sentences.clock;
  const ours = caller === 'operator' ? sentences.operator : caller === 'books' ? sentences.books : null;
  const asker = ours ?? callerName ?? caller.replace(/^staff:/, '');
  const onBehalf = staffId === null || caller === `staff:${staffId}` ? null : (staffName ?? staffId);
  return sentences.where(sentences.who(asker, onBehalf), shopName ?? shopId);
}

function saleOf(
  { saleShopId, saleId }: Partial<Record<keyof SaleKey, string | null>>,
  here: string,
  sentences: Sentences,
): string {
  return sentences.sale(saleId ?? '', saleShopId === here ? null : (saleShopId ?? null));
}
