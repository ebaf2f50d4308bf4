import { instantOf } from '../../domain/instants.js';
import type { By } from '../../domain/payment/command.js';
import { refusedOf, type PaymentAnswer } from '../../domain/sale/answers.js';
import { afterCapture, planCapture } from '../../domain/sale/capture.js';
import { naming } from '../../domain/sale/decide.js';
import { beginAttempt, withHolds } from '../../domain/sale/hold.js';
import { recordOfApplied, recordOfCaptured, recordOfSale } from '../../domain/sale/record.js';
import type { Begun, HoldSale, SaleCommand, SaleRecord, SettleSale } from '../../domain/sale/sale.js';
import { completedByApply, completedByCaptures, planCompletion } from '../../domain/sale/settle.js';
import { parentInSale } from '../../domain/sale/stepId.js';
import { inPhase, newSale, withReleases } from '../../domain/sale/steps.js';
import { aPrepaymentBeside } from './issues.js';
import { ask, liveUntil, type Life } from './life.js';
import type { Random } from './random.js';
import { heardBySale, portion, RETURN_PERIOD_MS, sellingAt } from './selling.js';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const TILLS_TIME_MS = 15 * MINUTE_MS;

type Selling = { readonly begun: Begun; readonly by: By; readonly random: Random };
type Basket = Omit<SettleSale, 'kind' | 'payments' | 'lifetimeMs'>;

/** A sale that begins, of so much of each of these payments; the first of them says what is bought, and where. */
function beginning(kind: 'hold' | 'settle', lives: readonly Life[], random: Random, lifetimeMs = TILLS_TIME_MS) {
  const [life, ...others] = lives;
  if (!life) throw new Error('a sale draws on a payment');
  const { by, sale, spending } = sellingAt(life, random);
  const { customerId, currency, amountMinor, lines } = spending;
  const basket: Basket = { commandId: random.id(), requestHash: random.id(), by, customerId, currency, lines };
  const shares = [
    { life, amountMinor },
    ...others.map((other) => ({ life: other, amountMinor: restOf(spending, portion(other, random)) })),
  ];
  const payments = shares.map((share) => ({ reference: referenceOf(share.life), amountMinor: share.amountMinor }));
  const command: HoldSale | SettleSale = { kind, ...basket, payments, lifetimeMs };
  const begun = beginAttempt(newSale(sale, RETURN_PERIOD_MS, life.atMs), command, life.atMs);
  return { command, shares, selling: { begun, by, random } };
}

/** What a payment may give of a basket of which another one pays its part. */
function restOf(
  { amountMinor, lines }: { amountMinor: number; lines: readonly { amountMinor: number }[] },
  portionMinor: number,
): number {
  const leftMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0) - amountMinor;
  return Math.min(portionMinor, leftMinor);
}

/** By one payment, which gives all of it at once. */
export function settle(life: Life, random: Random): void {
  const { command, shares, selling } = beginning('settle', [life], random);
  const { begun, by } = selling;
  const { customerId, currency, lines } = command;
  const amountMinor = shares[0]?.amountMinor ?? 0;
  const { saleShopId, saleId } = begun;
  const wish = { kind: 'apply', customerId, currency, amountMinor, saleShopId, saleId, lines, takenMinor: 0 } as const;
  const answers = [heardBySale(life, ask(life, wish, { by, parent: parentInSale(begun, command.commandId) }, random))];
  if (isRefused(answers)) return refuse(life, selling, command, answers);
  const at = instantOf(life.atMs);
  life.sales.push(completedByApply(begun, answers, at));
  life.answers.push(recordOfApplied(begun, command, answers, at));
}

/** By this payment, and for what else is in the basket by another one of the same customer. */
export function settleWithAnother(life: Life, random: Random): void {
  const other = aPrepaymentBeside(life, random);
  life.others.push(other);
  const lives = [life, other];
  const { command, shares, selling } = beginning('settle', lives, random);
  const answers = holdAll(shares, selling, command);
  if (isRefused(answers)) return refuse(life, selling, command, answers);
  const at = instantOf(life.atMs);
  const completing = inPhase(withHolds(selling.begun, command, answers), { status: 'completing', since: at });
  const captures = captureAll(lives, { ...selling, begun: completing }, command.commandId);
  const { sale } = completedByCaptures(completing, planCompletion(completing), captures);
  for (const each of lives) each.sales.push(sale);
  life.answers.push(recordOfCaptured(completing, command, captures));
}

/** The till holds it, and says some minutes later what becomes of that. */
function holding(life: Life, random: Random, lifetimeMs = TILLS_TIME_MS): Selling | undefined {
  const { command, shares, selling } = beginning('hold', [life], random, lifetimeMs);
  const answers = holdAll(shares, selling, command);
  if (isRefused(answers)) {
    refuse(life, selling, command, answers);
    return undefined;
  }
  const begun = inPhase(withHolds(selling.begun, command, answers), { status: 'held' });
  life.answers.push(recordOfSale(begun, command, null, life.atMs));
  return { ...selling, begun };
}

export function buyHeld(life: Life, random: Random): void {
  const held = holding(life, random);
  if (!held) return;
  liveUntil(life, life.atMs + random.whole(1, 10) * MINUTE_MS);
  const { by, begun } = held;
  const command = { kind: 'capture', commandId: random.id(), by, holdId: begun.attempt.commandId } as const;
  const capturing = inPhase(begun, { status: 'capturing' });
  const takings = planCompletion(capturing);
  const answers = captureAll([life], { ...held, begun: capturing }, command.commandId);
  const after = afterCapture(capturing, takings, { answers, anew: [], heldUntil: undefined });
  const sale = inPhase(after.sale, { status: 'completed', since: instantOf(life.atMs) });
  life.sales.push(sale);
  life.answers.push(recordOfSale(sale, command, null, life.atMs));
}

export function letGo(life: Life, random: Random): void {
  const held = holding(life, random);
  if (!held) return;
  liveUntil(life, life.atMs + random.whole(1, 10) * MINUTE_MS);
  const { by, begun } = held;
  const commandId = random.id();
  const parent = parentInSale(begun, commandId);
  const answers = begun.attempt.sources.map(({ holdId }) => {
    const { customerId } = life.state.payment.terms;
    return heardBySale(
      life,
      ask(life, { kind: 'release', customerId, holdId, cause: 'asked' }, { by, parent }, random),
    );
  });
  life.answers.push(released(begun, { commandId, by }, answers, life.atMs));
}

/** Kept for a delivery that never comes. */
export function lapse(life: Life, random: Random): void {
  const lifetimeMs = random.whole(1, 60) * DAY_MS;
  const held = holding(life, random, lifetimeMs);
  const lapsesMs = life.atMs + lifetimeMs;
  if (!held || lapsesMs >= life.endMs) return;
  const by = { caller: 'clock', shopId: held.begun.saleShopId };
  life.answers.push(released(held.begun, { commandId: random.id(), by }, [], lapsesMs));
}

function released(
  begun: Begun,
  { commandId, by }: { readonly commandId: string; readonly by: By },
  answers: readonly PaymentAnswer[],
  atMs: number,
): SaleRecord {
  const left = withReleases(inPhase(begun, { status: 'releasing' }), answers);
  const status = by.caller === 'clock' ? 'lapsed' : 'released';
  const sale = inPhase(left, { status, since: instantOf(atMs) });
  return recordOfSale(sale, { kind: 'release', commandId, by, holdId: begun.attempt.commandId }, null, atMs);
}

type Shares = readonly { readonly life: Life; readonly amountMinor: number }[];

function holdAll(shares: Shares, { begun, by, random }: Selling, { commandId, ...command }: HoldSale | SettleSale) {
  const { customerId, currency, lines, lifetimeMs } = command;
  const { saleShopId, saleId, attempt } = begun;
  const parent = parentInSale(begun, commandId);
  return shares.map(({ life, amountMinor }) => {
    const spending = { customerId, currency, amountMinor, saleShopId, saleId, lines, takenMinor: 0 };
    const holdId = attempt.sources.find(({ reference }) => reference === referenceOf(life))?.holdId;
    const asked = { by, parent, ...(holdId !== undefined && { commandId: holdId }) };
    return heardBySale(life, ask(life, { kind: 'hold', ...spending, lifetimeMs }, asked, random));
  });
}

function captureAll(lives: readonly Life[], { begun, by, random }: Selling, commandId: string): PaymentAnswer[] {
  const { saleShopId, saleId } = begun;
  const parent = parentInSale(begun, commandId);
  const held = begun.attempt.sources.map(({ reference, heldMinor }) => ({ reference, amountMinor: heldMinor }));
  return planCapture(begun, held, undefined).flatMap(({ source: { reference, holdId }, amountMinor }) => {
    const life = lives.find((each) => referenceOf(each) === reference);
    const wish = { kind: 'capture', holdId, amountMinor, saleShopId, saleId } as const;
    return life ? [heardBySale(life, ask(life, wish, { by, parent }, random))] : [];
  });
}

function isRefused(answers: readonly PaymentAnswer[]): boolean {
  return answers.some(({ outcome }) => outcome !== 'accepted');
}

function refuse(life: Life, { begun }: Selling, command: SaleCommand, answers: readonly PaymentAnswer[]): void {
  const left = withReleases(inPhase(begun, { status: 'releasing' }), []);
  const sale = inPhase(left, { status: 'refused', since: instantOf(life.atMs) });
  life.answers.push(recordOfSale(sale, command, naming(refusedOf(answers)) ?? null, life.atMs));
}

function referenceOf({ state }: Life): string {
  return state.payment.terms.reference;
}
