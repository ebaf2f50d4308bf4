import {
  CancellationScope,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities.js';
import { isOver, view, type AccountPaymentView } from '../../domain/payment/payment.js';
import { confirm, meetConflict } from '../../domain/payment/change.js';
import { stateAtIssue } from '../../domain/payment/issue.js';
import { nextDeadline } from '../../domain/payment/handle.js';
import type { Instant } from '../../domain/instants.js';
import { weightOf } from '../../domain/payment/limits.js';
import { nextBatch, waitsUntil, type Batch } from '../../domain/payment/record.js';
import { assertRulesKnown } from '../../domain/payment/rules.js';
import { fromPlain, toPlain, type State } from '../../domain/payment/state.js';
import { detailsOf } from './details.js';
import { createMailbox, type Mailbox } from './handlers.js';
import type { AccountPaymentInput } from './start.js';
import { retriedForEver } from '../retries.js';
import { changingSearchAttributesOf } from '../searchAttributes.js';
import { onceChanged, untilMs, type Changes } from '../waits.js';

/**
 * The server does not count signals when it suggests continue-as-new. A run that meets new signals as it continues is
 * replayed from its beginning, at about a millisecond a signal.
 */
const MAX_SIGNALS_PER_RUN = 300;
/** A cold run is replayed task by task, each behind what others do: 90 to 120 commands, where Temporal has 500. */
const MAX_EVENTS_PER_RUN = 1_000;
/** How much further a full run may grow while it waits for the record that is under way. */
const MAX_EVENTS_OVER = 200;
const TURN_PAUSE_MS = 100;
/** Some way below the 2 MiB that Temporal takes for one payload. */
const MAX_PAYLOAD_BYTES = 1_900_000;

const { record } = proxyActivities<Pick<Activities, 'record'>>(retriedForEver);

/**
 * One account payment for its whole life: decides what its messages ask, has every decision recorded, and ends itself
 * when its time has come. Ends once nothing can happen to it any more and all of it is recorded.
 */
export async function accountPayment(input: AccountPaymentInput): Promise<AccountPaymentView> {
  const state = input.origin === 'issued' ? stateAtIssue(input.issue) : fromPlain(input.state);
  // Before any message is heard: who does not know the rules must not decide by others.
  assertRulesKnown(state.rules);
  const changes: Changes = { count: 0 };
  const run = measureRun(state);
  const waiting = input.origin === 'continued' ? [...input.waiting] : [];
  const mailbox = createMailbox(state, waiting, () => (changes.count += 1));

  // "Request cancellation" must not end a payment that still holds somebody's money.
  return CancellationScope.nonCancellable(async () => {
    // All of them wait before the first message is heard. A worker that begins with a message in a run that had nothing
    // to do before gets the beginning and the message at once, and after each other when it is replayed: what they do
    // has to come in one order.
    void recorder(state, mailbox, run, changes);
    void deadline(state, mailbox, changes);
    const over = untilOver(state, mailbox, run, changes);
    mailbox.listen();
    // Looked at once more when all that came is heard: a payment whose time ran out meanwhile may be over.
    changes.count += 1;
    void turns(mailbox, changes);
    return over;
  });
}

/** Shows each change, and goes on in a new run when this one is full. Ends when nothing more can happen. */
async function untilOver(state: State, mailbox: Mailbox, run: Run, changes: Changes): Promise<AccountPaymentView> {
  const publish = publisher(state);
  for (let shown = 0; ;) {
    await onceChanged(changes, () => changes.count > shown);
    shown = changes.count;
    publish();
    if (isFinished(state, mailbox)) return view(state.payment, Date.now());
    if (run.isTimeToContinue(mailbox))
      return continueAsNew<typeof accountPayment>({
        origin: 'continued',
        state: toPlain(state),
        waiting: mailbox.waiting,
      });
  }
}

/** A conflict waits for a person; when it is tried again, ever more seldom, somebody may have put the books right. */
const FIRST_CONFLICT_PAUSE_MS = 10_000;
const LONGEST_CONFLICT_PAUSE_MS = 10 * 60 * 1000;

/** Sends the outbox to Postgres, oldest first, and forgets only what was confirmed. */
async function recorder(state: State, mailbox: Mailbox, run: Run, changes: Changes): Promise<never> {
  let pauseMs = FIRST_CONFLICT_PAUSE_MS;
  for (;;) {
    await onceChanged(
      changes,
      () => state.outbox.length > 0 && waitsUntil(state.outbox, Date.now()) === null && !run.isToContinue(mailbox),
    );
    const records = nextBatch(state.outbox);
    run.recording = 'under way';
    const said = await record.executeWithOptions({ summary: summaryOf(records) }, [
      { terms: state.payment.terms, records },
    ]);
    run.recording = 'idle';
    if (said === 'recorded') confirm(state, records.length);
    else meetConflict(state, said === 'books_behind' ? 'behind' : 'differ');
    mailbox.beginTurn();
    if (said !== 'recorded') await sleep(pauseMs, { summary: said });
    pauseMs = said === 'recorded' ? FIRST_CONFLICT_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_CONFLICT_PAUSE_MS);
  }
}

/** Keeps one timer, armed anew only when the next deadline changes, and lets time do its work when it has come. */
async function deadline(state: State, mailbox: Mailbox, changes: Changes): Promise<never> {
  const next = () => earlier(waitsUntil(state.outbox, Date.now()), nextDeadline(state, Date.now()));
  for (;;) {
    const due = next();
    const timer = new CancellationScope();
    const moved = onceChanged(changes, () => next() !== due);
    const fired = due === null ? moved : timer.run(() => sleep(untilMs(due), { summary: `until ${due}` }));
    fired.catch(() => undefined);
    await Promise.race([fired, moved]);
    timer.cancel();
    mailbox.beginTurn();
  }
}

function earlier(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

/** Begins a turn when none begins by itself: Postgres is away, or nothing that came had to be recorded. */
async function turns(mailbox: Mailbox, changes: Changes): Promise<never> {
  for (;;) {
    await onceChanged(changes, () => mailbox.door === 'shut');
    const timer = new CancellationScope();
    const fired = timer.run(() => sleep(TURN_PAUSE_MS, { summary: 'signals wait' }));
    fired.catch(() => undefined);
    await Promise.race([fired, onceChanged(changes, () => mailbox.door !== 'shut')]);
    timer.cancel();
    if (mailbox.door === 'shut') mailbox.beginTurn();
  }
}

/** Shows the state to operators; an upsert costs an event, so only when what is searched for has changed. */
function publisher(state: State): () => void {
  let shown = searchable(state);
  return () => {
    setCurrentDetails(detailsOf(state, Date.now()));
    if (searchable(state) === shown) return;
    shown = searchable(state);
    upsertSearchAttributes(changingSearchAttributesOf(state.payment));
  };
}

function searchable({ payment }: State): string {
  return `${payment.standing.status} ${payment.expiresAt}`;
}

function isFinished(state: State, { waiting }: Mailbox): boolean {
  return state.outbox.length === 0 && waiting.length === 0 && isOver(state.payment, Date.now());
}

type Run = {
  recording: 'idle' | 'under way';
  /** Full, nothing waits unread, and all of it fits one payload. */
  readonly isToContinue: (mailbox: Mailbox) => boolean;
  readonly isTimeToContinue: (mailbox: Mailbox) => boolean;
};

/**
 * When to continue as new. The server refuses a continuation that meets a new event, and then the whole run is
 * replayed; so a full run begins no new record and continues when the one under way has come back, or without it when
 * it does not: Postgres may be away for long.
 */
function measureRun(state: State): Run {
  let fullAt: number | undefined;
  const isToContinue = (mailbox: Mailbox) => {
    const { signalsReceived, door } = mailbox;
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    const isFull = historyLength >= MAX_EVENTS_PER_RUN || signalsReceived >= MAX_SIGNALS_PER_RUN;
    if (continueAsNewSuggested || isFull) fullAt ??= historyLength;
    return fullAt !== undefined && door === 'open' && isPortable(state, mailbox);
  };
  const run: Run = {
    recording: 'idle',
    isToContinue,
    isTimeToContinue: (mailbox) =>
      isToContinue(mailbox) &&
      (run.recording === 'idle' || workflowInfo().historyLength - (fullAt ?? 0) >= MAX_EVENTS_OVER),
  };
  return run;
}

/** The state alone always fits one payload. A burst of waiting signals may not: it is let in and recorded first. */
function isPortable(state: State, { waitingBytes }: Mailbox): boolean {
  return weightOf(state) + waitingBytes() < MAX_PAYLOAD_BYTES;
}

function summaryOf(records: Batch['records']): string {
  const [first, last] = [records[0]?.revision, records.at(-1)?.revision];
  return first === last ? `revision ${first}` : `revisions ${first} to ${last}`;
}
