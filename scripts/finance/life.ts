import type { By, Command, Issue, Wish } from '../../domain/payment/command.js';
import { confirm } from '../../domain/payment/change.js';
import { handle, nextDeadline, passTime, type Answer } from '../../domain/payment/handle.js';
import { newIssue, stateAtIssue, type Issuing } from '../../domain/payment/issue.js';
import type { Instant } from '../../domain/instants.js';
import type { KeptFee } from '../../domain/sale/return.js';
import type { Sale, SaleRecord } from '../../domain/sale/sale.js';
import type { State } from '../../domain/payment/state.js';
import type { Random } from './random.js';
import { calendarOf } from './world.js';

/** One payment on its way through the year; what it decided stands in its outbox, for the books. */
export type Life = {
  readonly issue: Issue;
  readonly state: State;
  readonly endMs: number;
  /** The time up to which it has been lived. */
  atMs: number;
  /** Those that took of it, as they are now. */
  readonly sales: Sale[];
  /** What sales answered, and the fees that they kept of it after its end, for the books. */
  readonly answers: SaleRecord[];
  readonly keptFees: (KeptFee & { readonly keptAt: Instant })[];
  /** The payments that came of it, each at the beginning of its own life. */
  readonly others: Life[];
};

/** The actor's own rules decide, as if the books had confirmed each record at once. */
export function begin(issuing: Issuing, atMs: number, endMs: number, random: Random): Life {
  const calendar = calendarOf(issuing.by);
  const issue = newIssue(issuing, { nowMs: atMs, rules: 1, calendar, random: random.bytes(8) });
  const state = stateAtIssue(issue);
  confirm(state, 0);
  return { issue, state, endMs, atMs, sales: [], answers: [], keptFees: [], others: [] };
}

type Asked = Pick<Command, 'parent'> & { readonly by: By; readonly commandId?: string };

/** What somebody asks of it `afterMs` later, and what it answers. Time ends what it ends on the way. */
export function ask(life: Life, wish: Wish<Command>, { by, parent, commandId }: Asked, random: Random): Answer {
  const command = {
    ...wish,
    commandId: commandId ?? random.id(),
    by,
    // Hashing each body would take longer than all else.
    requestHash: random.id(),
    ...(parent && { parent }),
  } as Command;
  return handle(life.state, command, life.atMs);
}

/** Lets time go by, and end what it ends at the moment at which it does. */
export function liveUntil(life: Life, untilMs: number): void {
  for (;;) {
    const next = nextDeadline(life.state, life.atMs);
    if (next === null || Date.parse(next) > untilMs) break;
    life.atMs = Date.parse(next);
    passTime(life.state, life.atMs);
  }
  life.atMs = Math.max(life.atMs, untilMs);
}

export function movementsOf({ state }: Life): number {
  return state.payment.lastSequence;
}
