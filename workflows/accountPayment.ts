import {
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/createActivities.js';
import { isOver, view, type AccountPaymentView } from '../domain/accountPayment.js';
import type { Command, Issue } from '../domain/command.js';
import { issued } from '../domain/issued.js';
import { nextDeadline } from '../domain/handle.js';
import { fromPlain, toPlain, type PlainState, type State } from '../domain/state.js';
import { detailsOf } from './details.js';
import { listen, type Mailbox } from './listen.js';
import { retriedForEver } from './retries.js';
import { changingSearchAttributesOf } from './searchAttributes.js';
import { untilMs } from './timers.js';

export type AccountPaymentInput =
  | { readonly origin: 'issued'; readonly issue: Issue }
  | { readonly origin: 'continued'; readonly state: PlainState; readonly waiting: Command[] };

/** The server rejects a run's signals from the 10,000th on, and does not count them when it suggests continue-as-new. */
const MAX_SIGNALS_PER_RUN = 5_000;
const MAX_BATCH = 200;
/** Some way below the 2 MiB that Temporal takes for one payload. */
const MAX_PAYLOAD_LENGTH = 1_900_000;

const { record } = proxyActivities<Pick<Activities, 'record'>>(retriedForEver);

/**
 * One account payment for its whole life: decides what its messages ask, has every decision recorded, and ends itself
 * when its time has come. Ends once nothing can happen to it any more and all of it is recorded.
 */
export async function accountPayment(input: AccountPaymentInput): Promise<AccountPaymentView> {
  const state = input.origin === 'issued' ? issued(input.issue) : fromPlain(input.state);
  const publish = publisher(state);
  publish();
  const mailbox = listen(state, input.origin === 'continued' ? [...input.waiting] : [], publish);

  // "Request cancellation" must not end a payment that still holds somebody's money.
  return CancellationScope.nonCancellable(async () => {
    await Promise.race([
      recorder(state, mailbox),
      deadline(state, mailbox),
      condition(() => isFinished(state, mailbox) || (isRunFull(mailbox) && isPortable(state, mailbox))),
    ]);
    if (isFinished(state, mailbox)) return view(state.payment, Date.now());
    return continueAsNew<typeof accountPayment>({ origin: 'continued', state: toPlain(state), waiting: mailbox.waiting });
  });
}

/** Sends the outbox to Postgres, oldest first, and forgets only what was confirmed. */
async function recorder(state: State, mailbox: Mailbox): Promise<never> {
  for (;;) {
    await condition(() => state.outbox.length > 0);
    const records = state.outbox.slice(0, MAX_BATCH);
    await record.executeWithOptions({ summary: summaryOf(records) }, [{ terms: state.payment.terms, records }]);
    state.outbox.splice(0, records.length);
    mailbox.settle();
  }
}

/** Keeps one timer, armed anew only when the next deadline changes, and lets time do its work when it has come. */
async function deadline(state: State, mailbox: Mailbox): Promise<never> {
  const next = () => nextDeadline(state, Date.now());
  for (;;) {
    const due = next();
    const timer = new CancellationScope();
    const moved = condition(() => next() !== due);
    const fired = due === null ? moved : timer.run(() => sleep(untilMs(due), { summary: `until ${due}` }));
    fired.catch(() => undefined);
    await Promise.race([fired, moved]);
    timer.cancel();
    mailbox.settle();
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

function isRunFull(mailbox: Mailbox): boolean {
  return workflowInfo().continueAsNewSuggested || mailbox.signalsReceived >= MAX_SIGNALS_PER_RUN;
}

/** The state alone always fits one payload; a burst of signals that still waits may not, and then is let in first. */
function isPortable(state: State, { waiting }: Mailbox): boolean {
  return waiting.length === 0 || JSON.stringify([toPlain(state), waiting]).length < MAX_PAYLOAD_LENGTH;
}

function summaryOf(records: State['outbox']): string {
  const [first, last] = [records[0]?.revision, records.at(-1)?.revision];
  return first === last ? `revision ${first}` : `revisions ${first} to ${last}`;
}
