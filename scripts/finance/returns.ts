import { instantOf } from '../../domain/instants.js';
import { saleKeyOf, type By, type Line } from '../../domain/payment/command.js';
import { leftMinor } from '../../domain/payment/figures.js';
import { sourceOf, type Funding } from '../../domain/payment/funding.js';
import type { Answer } from '../../domain/payment/handle.js';
import type { Issuing } from '../../domain/payment/issue.js';
import { inheritedFrom, view } from '../../domain/payment/payment.js';
import { saleTotals } from '../../domain/payment/state.js';
import { recordOfSale } from '../../domain/sale/record.js';
import { isReplaced, planReturn, type Part, type SaleFigure } from '../../domain/sale/return.js';
import type { Returned, ReturnSale, Sale } from '../../domain/sale/sale.js';
import { parentInSale } from '../../domain/sale/stepId.js';
import { withReturn } from '../../domain/sale/steps.js';
import { ask, begin, type Life } from './life.js';
import type { Random } from './random.js';
import { aTill, shopOf } from './world.js';

/** What the last sale took of it comes back, all or in part; now and then the shop keeps a fee. */
export function takeBack(life: Life, random: Random): void {
  const sale = life.sales.at(-1);
  if (!sale) return;
  const figure = figureOf(life, sale);
  const mostMinor = leftMinor(figure);
  if (mostMinor < 1) return;
  const by = returnedTo(life, sale, random);
  // A till that keeps its sales itself tells the payment alone.
  if (!sale.attempt && random.chance(0.5)) {
    refund(life, { sale, by }, partly(figure.reference, mostMinor, random), random);
    return;
  }
  const command = aReturn(figure, sale, by, random);
  const plan = planReturn({ figures: [figure], lines: sale.attempt?.lines ?? null, returns: sale.returns }, command);
  const part = 'parts' in plan ? plan.parts[0] : undefined;
  if (!part || !('parts' in plan)) return;
  const returned = giveBack(life, sale, command, part, random);
  if (!returned) return;
  const added = {
    commandId: command.commandId,
    at: instantOf(life.atMs),
    by,
    reason: command.reason ?? null,
    lines: command.lines ?? [],
    otherTenderMinor: plan.otherTenderMinor,
    returned: [returned],
    notReturned: [],
  };
  const after = withReturn(sale, added);
  life.sales.pop();
  // Of what was given back in its place the payment itself knows nothing.
  if (returned.replacement === null && returned.revision > 0) life.sales.push(after);
  life.answers.push(recordOfSale(after, command, null, life.atMs));
}

function figureOf({ state, atMs }: Life, sale: Sale): SaleFigure {
  const { reference, customerId, currency, scope } = state.payment.terms;
  const told = view(state.payment, atMs);
  const totals = saleTotals(state.memory, sale);
  const { revision } = told;
  const rest = { inherited: inheritedFrom(told), heldMinor: 0, lastTakenAt: null };
  return { reference, revision, customerId, currency, scope, ...totals, ...rest };
}

function returnedTo({ state }: Life, { saleShopId }: Sale, random: Random): By {
  const issuer = state.payment.terms.by;
  return aTill(random.chance(0.9) ? shopOf({ ...issuer, shopId: saleShopId }) : shopOf(issuer), random);
}

/** Most of the time all, and of that a fee, which may be all there is. */
function partly(reference: string, mostMinor: number, random: Random): Part {
  const backMinor = random.chance(0.6) ? mostMinor : random.whole(1, mostMinor);
  const feePart = random.chance(0.15) ? random.weighted({ '0.1': 70, '1': 30 }) : '0';
  const keptMinor = Math.floor(backMinor * Number(feePart));
  return { reference, amountMinor: backMinor - keptMinor, keptMinor };
}

/** By its lines or by an amount; of a sale that drew on several payments by what goes back to this one. */
function aReturn(figure: SaleFigure, sale: Sale, by: By, random: Random): ReturnSale {
  const { customerId, currency, reference } = figure;
  const { amountMinor, keptMinor } = partly(reference, leftMinor(figure), random);
  const asked = {
    kind: 'return',
    commandId: random.id(),
    requestHash: random.id(),
    by,
    customerId,
    currency,
    reason: 'did not fit',
    authority: 'manager',
    extent: 'carried_out',
    ...(keptMinor > 0 && { keptMinor }),
  } as const;
  if (sale.attempt && sale.attempt.sources.length > 1) return { ...asked, payments: [{ reference, amountMinor }] };
  const lines = sale.attempt && keptMinor === 0 && random.chance(0.5) ? someOf(sale.attempt.lines, random) : undefined;
  return { ...asked, ...(lines ? { lines } : { amountMinor }) };
}

function someOf(lines: readonly Line[], random: Random): readonly Line[] {
  return random.chance(0.4) ? lines : [random.pick(lines)];
}

/** To the payment itself, or as a new one in its place when it has ended. */
function giveBack(life: Life, sale: Sale, command: ReturnSale, part: Part, random: Random): Returned | undefined {
  const { by, commandId } = command;
  const answer = refund(life, { sale, by, commandId }, part, random);
  if (answer.outcome === 'accepted') return { ...part, replacement: null, revision: answer.revision };
  if (!isReplaced(answer.code)) return undefined;
  if (part.amountMinor > 0) return { ...part, replacement: replaced(life, sale, command, part, random), revision: 1 };
  const { reference, keptMinor } = part;
  const fee = { commandId: random.id(), returnId: commandId, by, ...saleKeyOf(sale), reference, keptMinor };
  life.keptFees.push({ ...fee, keptAt: instantOf(life.atMs) });
  return { ...part, replacement: null, revision: 0 };
}

function refund(
  life: Life,
  { sale, by, commandId }: { readonly sale: Sale; readonly by: By; readonly commandId?: string },
  { amountMinor, keptMinor }: Part,
  random: Random,
): Answer {
  const { customerId, currency } = life.state.payment.terms;
  const wish = {
    kind: 'refund',
    customerId,
    currency,
    ...saleKeyOf(sale),
    amountMinor,
    reason: 'did not fit',
  } as const;
  const parent = commandId === undefined ? {} : { parent: parentInSale(sale, commandId) };
  return ask(life, { ...wish, ...(keptMinor > 0 && { keptMinor }) }, { by, ...parent }, random);
}

/** A new payment of its kind, good without end. */
function replaced(
  life: Life,
  sale: Sale,
  { by, commandId, reason }: ReturnSale,
  { amountMinor, keptMinor }: Part,
  random: Random,
): string {
  const { terms } = life.state.payment;
  const { reference, customerId, scope, purpose, currency, taxPoint, taxCode } = terms;
  const source = sourceOf(terms.funding);
  const key = saleKeyOf(sale);
  const funding: Funding = { kind: 'replacement', source, replaces: reference, origin: 'return', ...key };
  const requestHash = random.id();
  const issuing: Issuing = {
    commandId: random.id(),
    by,
    parent: parentInSale(sale, commandId),
    requestHash,
    customerId,
    scope,
    purpose,
    amountMinor,
    currency,
    expiresAt: null,
    funding,
    taxPoint,
    promise: { bodyHash: requestHash, ...(keptMinor > 0 && { keptMinor }) },
    ...(taxCode !== undefined && { taxCode }),
    ...(reason !== undefined && { reason }),
  };
  const other = begin(issuing, life.atMs, life.endMs, random);
  life.others.push(other);
  return other.issue.reference;
}
