import { patched, proxyActivities } from '@temporalio/workflow';
import type { Asked } from '../../domain/sale/answers.js';
import type { Activities } from '../activities.js';
import { bodyHash, saleKeyOf, type SaleKey } from '../../domain/payment/command.js';
import { instantOf } from '../../domain/instants.js';
import { decideReturn, naming } from '../../domain/sale/decide.js';
import { isReplaced, planAgain, previewOf, type Part, type SaleFigure } from '../../domain/sale/return.js';
import { parentInSale, saleStepId } from '../../domain/sale/stepId.js';
import { withFigures, withReturn } from '../../domain/sale/steps.js';
import type { NotReturned, Return, Returned, ReturnSale, SaleRefusal } from '../../domain/sale/sale.js';
import { ask } from '../askPayments.js';
import { retriedForEver } from '../retries.js';
import type { SaleBook } from './book.js';

const { figures, keepFee, recordPlan, replace } =
  proxyActivities<Pick<Activities, 'figures' | 'keepFee' | 'recordPlan' | 'replace'>>(retriedForEver);

/** What the payments say that the sale still has counts: they are asked first, and "everything" is planned again. */
export async function giveBack(book: SaleBook, command: ReturnSale): Promise<SaleRefusal | null> {
  const { attempt } = book.sale;
  const key = saleKeyOf(book.sale);
  const begun = book.plans.get(command.commandId);
  const known = attempt?.sources.map(({ reference }) => reference) ?? [];
  const planned = begun?.parts.map(({ reference }) => reference) ?? [];
  const asksOfSteps = command.extent !== 'preview' && patched('a return asks whether it has begun');
  const told = await (asksOfSteps ? figures(key, known, command.commandId, planned) : figures(key, known));
  if (!told) return { code: begun ? 'return_begun' : 'books_unavailable', payments: [] };
  if (told.standing === 'begun') {
    // Planned anew, it would give the same money back once more: the books have to say first what it gave back.
    book.sale = { ...book.sale, earlierLife: 'in_books' };
    return { code: 'return_begun', payments: [] };
  }
  const sale = withFigures(book.sale, told.figures);
  const plan = begun ?? decideReturn(sale, told, command, Date.now());
  if ('code' in plan) return { ...plan, payments: [] };
  const isToldOf = ({ reference }: Part) => told.figures.some((figure) => figure.reference === reference);
  // A plan of an earlier life may name a payment of which the books do not know yet.
  if (!plan.parts.every(isToldOf)) return { code: 'return_begun', payments: [] };
  if (command.extent === 'preview') {
    book.previews.set(command.commandId, previewOf(plan, command));
    return null;
  }
  if (!begun) await recordPlan({ ...key, commandId: command.commandId, bodyHash: bodyHash(command), plan });
  const giving = { sale: key, figures: told.figures, inPlaceOf: told.inPlaceOf ?? [] };
  const isEverything = !command.lines && !command.payments && command.amountMinor === undefined;
  // Which lines came back its steps do not tell: they may come again, and the payments say how much of them.
  const carried = begun?.toldBy === 'steps' ? { ...command, lines: [] } : command;
  let added = await refundParts(giving, carried, plan.parts, plan.otherTenderMinor);
  let again = isEverything ? planAgain(plan.parts, added.notReturned) : [];
  for (let number = 2; again.length > 0; number++) {
    const more = await refundParts(giving, carried, again, 0, number);
    added = together(added, more);
    again = planAgain(again, more.notReturned);
  }
  if (added.returned.length === 0 && plan.parts.length > 0) {
    const refused = added.notReturned.map(({ reference, code, refundableMinor }) => ({
      reference,
      code,
      availableMinor: null,
      ...(refundableMinor !== undefined && { refundableMinor }),
    }));
    return naming(refused) ?? null;
  }
  book.sale = withReturn(sale, added);
  return null;
}

/** A return together with the result of its next plan, which counts for the payments in it. */
function together(first: Return, next: Return): Return {
  const isAsked = (reference: string) =>
    [...next.returned, ...next.notReturned].some((each) => each.reference === reference);
  const kept = first.notReturned.filter(({ reference }) => !isAsked(reference));
  return { ...first, returned: [...first.returned, ...next.returned], notReturned: [...kept, ...next.notReturned] };
}

/** What a return needs: the sale, what its payments said, and in whose place it has issued already. */
type Giving = {
  readonly sale: SaleKey;
  readonly figures: readonly SaleFigure[];
  readonly inPlaceOf: readonly string[];
};

/**
 * Refunds what a sale took: to the payment itself, or as new store credit when it has ended. Tells what went where.
 * @param plan counts the plans of this return, so that the steps of each have ids of their own
 */
async function refundParts(
  giving: Giving,
  command: ReturnSale,
  parts: readonly Part[],
  otherTenderMinor: number,
  plan = 1,
): Promise<Return> {
  const { commandId, by, reason, lines = [] } = command;
  // An ended payment refuses what was issued in its place as what the sale has got back already.
  const isIssued = ({ reference }: Part) => plan === 1 && giving.inPlaceOf.includes(reference);
  const asked = parts.filter((part) => !isIssued(part));
  const answers = await ask(asked.map((part) => refunding(giving, command, part, plan)));
  const done = await Promise.all(
    parts.map(async (part): Promise<Returned | NotReturned> => {
      if (isIssued(part)) return replacing(giving, command, part, plan);
      const { reference, amountMinor } = part;
      const answer = answers[asked.indexOf(part)];
      if (answer?.outcome === 'accepted') return { ...part, replacement: null, revision: answer.revision };
      const code = answer?.outcome === 'refused' ? answer.code : 'payment_unavailable';
      if (isReplaced(code)) return replacing(giving, command, part, plan);
      const { refundableMinor } = answer?.outcome === 'refused' ? answer : {};
      return { reference, amountMinor, code, refundableMinor };
    }),
  );
  const notReturned = done.flatMap((part) => ('code' in part ? [part] : []));
  return {
    commandId,
    at: instantOf(Date.now()),
    by,
    reason: reason ?? null,
    otherTenderMinor,
    // Lines of which a part did not go back may come again: how much goes back then, the payments say.
    lines: notReturned.length === 0 ? lines : [],
    returned: done.flatMap((part) => ('code' in part ? [] : [part])),
    notReturned,
  };
}

function refunding({ sale, figures }: Giving, command: ReturnSale, part: Part, plan: number): Asked {
  const { commandId, by, currency, reason } = command;
  const { reference, amountMinor, keptMinor } = part;
  const customerId = figureOf(figures, reference).customerId;
  return {
    reference,
    command: {
      kind: 'refund',
      commandId: saleStepId(sale, commandId, 'refund', reference, String(plan)),
      parent: parentInSale(sale, commandId),
      by,
      customerId,
      amountMinor,
      currency,
      ...sale,
      reason,
      ...(keptMinor > 0 && { keptMinor }),
    },
  };
}

/** A new payment of its kind in place of one that has ended. */
async function replacing(
  { sale, figures }: Giving,
  { commandId, by, currency, reason }: ReturnSale,
  { reference, amountMinor, keptMinor }: Part,
  plan: number,
): Promise<Returned | NotReturned> {
  const id = saleStepId(sale, commandId, 'issue', reference, String(plan));
  if (amountMinor === 0) {
    const kept = await keepFee({ commandId: id, returnId: commandId, by, ...sale, reference, keptMinor });
    if (kept !== 'kept') return { reference, amountMinor, ...kept };
    return { reference, amountMinor, keptMinor, replacement: null, revision: 1 };
  }
  const { customerId, scope, inherited } = figureOf(figures, reference);
  const { sourceFunding: source, taxCode, ...facts } = inherited;
  const issued = await replace.executeWithOptions({ summary: `in place of ${reference}` }, [
    {
      issuing: {
        commandId: id,
        by,
        customerId,
        scope,
        amountMinor,
        currency,
        ...facts,
        ...(taxCode !== null && { taxCode }),
        parent: parentInSale(sale, commandId),
        ...(reason !== undefined && { reason }),
        funding: { kind: 'replacement', source, replaces: reference, origin: 'return', ...sale },
      },
      replaces: reference,
      sale,
      keptMinor,
    },
  ]);
  if ('code' in issued) return { reference, amountMinor, ...issued };
  return { reference, amountMinor, keptMinor, replacement: issued.reference, revision: 1 };
}

function figureOf(figures: readonly SaleFigure[], reference: string): SaleFigure {
  const figure = figures.find((each) => each.reference === reference);
  if (!figure) throw new Error('a part of a return that no payment told of');
  return figure;
}
