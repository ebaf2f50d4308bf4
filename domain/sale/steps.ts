import { bodyHash, type Scope } from '../payment/command.js';
import type { Figures } from '../payment/figures.js';
import { returnsUntil } from './decide.js';
import { instantOf, type Instant } from '../instants.js';
import type { SaleFigure } from './return.js';
import type { Share } from './quote.js';
import type { RefusalCode } from '../refusals.js';
import { REFUSAL_MEMORY_MS } from '../payment/limits.js';
import {
  type Attempt,
  type HoldSale,
  type PaymentRefusal,
  type Phase,
  type Return,
  type Sale,
  type SaleCommand,
  type SaleRefusal,
  type SettleSale,
  type Source,
  type ReturnView,
  type SaleRecord,
} from './sale.js';
import { viewOfSale } from './view.js';

/** What a payment said to a sale's command. */
export type PaymentAnswer = { readonly reference: string } & (
  | {
      readonly outcome: 'accepted';
      readonly revision: number;
      /** Of a hold: whether it is there still, for a repeat may come after its end. */
      readonly hold: 'open' | 'gone' | null;
      readonly scope: Scope;
      readonly expiresAt: Instant | null;
    }
  | ({
      readonly outcome: 'refused';
      readonly code: RefusalCode;
      readonly availableMinor: number | null;
    } & Omit<Figures, 'availableMinor'>)
  | { readonly outcome: 'unanswered' }
);

export function newSale(saleId: string, returnPeriodMs: number, nowMs: number): Sale {
  return {
    saleId,
    returnPeriodMs,
    createdAt: instantOf(nowMs),
    attempt: null,
    returns: [],
    remembered: [],
  };
}

/** A try begins; what an earlier one came to is told by what is remembered, and by the payments' records. */
export function begun(sale: Sale, command: HoldSale | SettleSale, nowMs: number): Begun {
  const { commandId, by, customerId, currency, lines, payments, lifetimeMs } = command;
  const sources = payments.map(({ reference, amountMinor }): Source => ({
    ...{ reference, heldMinor: amountMinor, takenMinor: 0, givenBackMinor: 0, keptMinor: 0, missingMinor: 0 },
    ...{ scope: null, revision: 0 },
  }));
  const holdExpiresAt = instantOf(nowMs + lifetimeMs);
  const phase = { status: 'holding' } as const;
  return {
    ...sale,
    attempt: { commandId, by, customerId, currency, lines, holdExpiresAt, phase, sources },
    returns: [],
  };
}

/** A sale that has begun. */
export type Begun = Sale & { readonly attempt: Attempt };

export function inPhase(sale: Begun, phase: Phase): Begun {
  return { ...sale, attempt: { ...sale.attempt, phase } };
}

/** What the payments held: nothing of those that refused; of those that did not answer perhaps all of it. */
export function withHolds(sale: Begun, answers: readonly PaymentAnswer[]): Begun {
  return withSources(sale, (source) => {
    const answer = answerOf(answers, source);
    if (answer?.outcome === 'accepted') {
      const { scope, revision } = answer;
      return answer.hold === 'gone' ? { ...source, scope, heldMinor: 0 } : { ...source, scope, revision };
    }
    return answer?.outcome === 'unanswered' ? source : { ...source, heldMinor: 0 };
  });
}

/** What was taken of what was held, once every payment has answered; nothing is held any more. */
export function withCaptures(sale: Begun, shares: readonly Share[], answers: readonly PaymentAnswer[]): Begun {
  return withSources(sale, (source) => {
    const answer = answerOf(answers, source);
    const share = shares.find(({ reference }) => reference === source.reference);
    const takenMinor = answer?.outcome === 'accepted' ? (share?.amountMinor ?? 0) : 0;
    return { ...source, heldMinor: 0, takenMinor, revision: revisionOf(answer, source) };
  });
}

export function withReleases(sale: Begun, answers: readonly PaymentAnswer[]): Begun {
  return withSources(sale, (source) => ({
    ...source,
    heldMinor: 0,
    revision: revisionOf(answerOf(answers, source), source),
  }));
}

/** What went back, and where. */
export function withReturn(sale: Sale, added: Return): Sale {
  if (!sale.attempt) return { ...sale, returns: [...sale.returns, added] };
  const told = withSources({ ...sale, attempt: sale.attempt }, (source) => {
    const back = added.returned.find(({ reference }) => reference === source.reference);
    if (!back) return source;
    const revision = back.replacement === null ? back.revision : source.revision;
    return {
      ...source,
      givenBackMinor: source.givenBackMinor + back.amountMinor,
      keptMinor: source.keptMinor + back.keptMinor,
      revision,
    };
  });
  return { ...told, returns: [...sale.returns, added] };
}

/** What the payments say of it, in the stead of what the sale had heard last. */
export function withFigures(sale: Sale, figures: readonly SaleFigure[]): Sale {
  if (!sale.attempt) return sale;
  const sources = sale.attempt.sources.map((source) => {
    const figure = figures.find(({ reference }) => reference === source.reference);
    if (!figure) return source;
    const { takenMinor, givenBackMinor, keptMinor } = figure;
    return { ...source, takenMinor, givenBackMinor, keptMinor };
  });
  return { ...sale, attempt: { ...sale.attempt, sources } };
}

/** What was promised to the till and could not be taken. */
export function withMissing(sale: Begun, missing: readonly Share[]): Begun {
  return withSources(sale, (source) => {
    const lost = missing.find(({ reference }) => reference === source.reference);
    return lost ? { ...source, missingMinor: lost.amountMinor } : source;
  });
}

export function remembering(sale: Sale, command: SaleCommand, refusal: SaleRefusal | null): Sale {
  const entry = { commandId: command.commandId, bodyHash: bodyHash(command), refusal };
  return { ...sale, remembered: [...sale.remembered, entry] };
}

/** What the books are told of a command that was answered. */
export function recordOfSale(
  sale: Sale,
  command: SaleCommand,
  back: ReturnView | null,
  refusal: SaleRefusal | null,
  nowMs: number,
): SaleRecord {
  const { commandId, kind, by } = command;
  const basket = command.kind === 'hold' || command.kind === 'settle' ? command.lines : null;
  return {
    ...{ saleId: sale.saleId, commandId, kind, bodyHash: bodyHash(command), outcome: refusal?.code ?? 'accepted' },
    customerId: 'customerId' in command ? command.customerId : (sale.attempt?.customerId ?? null),
    currency: 'currency' in command ? command.currency : (sale.attempt?.currency ?? null),
    lines: basket,
    answer: {
      refusal,
      return: back,
      sale: viewOfSale(sale),
      lines: sale.returns.find((each) => each.commandId === commandId)?.lines ?? [],
    },
    ...{ by, at: instantOf(nowMs) },
  };
}

/** Those that refused, or let the time of a hold pass, in the order of the sale. */
export function refusedOf(answers: readonly PaymentAnswer[]): PaymentRefusal[] {
  return answers.flatMap((answer) => {
    const { reference } = answer;
    switch (answer.outcome) {
      case 'accepted':
        return answer.hold === 'gone' ? [{ reference, code: 'hold_closed', availableMinor: null }] : [];
      case 'refused': {
        const { outcome: _, ...told } = answer;
        return [told];
      }
      case 'unanswered':
        return [{ reference, code: 'hold_expired', availableMinor: null }];
    }
  });
}

/** When time next means something for a sale that rests: its holds end, or it is over. */
export function nextDeadlineOfSale(sale: Sale): Instant {
  const { attempt, createdAt } = sale;
  if (!attempt) return instantOf(Date.parse(createdAt) + UNBEGUN_MS);
  const { phase, holdExpiresAt } = attempt;
  switch (phase.status) {
    case 'completed':
      return returnsUntil(sale, phase.since);
    case 'released':
    case 'lapsed':
    case 'refused':
      return instantOf(Date.parse(phase.since) + REFUSAL_MEMORY_MS);
    case 'held':
    case 'holding':
    case 'capturing':
    case 'releasing':
    case 'putting_back':
      return holdExpiresAt;
  }
}

/** A sale that was started and told nothing. */
const UNBEGUN_MS = 60_000;

function withSources(sale: Begun, change: (source: Source) => Source): Begun {
  return { ...sale, attempt: { ...sale.attempt, sources: sale.attempt.sources.map(change) } };
}

function answerOf(answers: readonly PaymentAnswer[], { reference }: Source): PaymentAnswer | undefined {
  return answers.find((answer) => answer.reference === reference);
}

function revisionOf(answer: PaymentAnswer | undefined, { revision }: Source): number {
  return answer?.outcome === 'accepted' ? answer.revision : revision;
}
