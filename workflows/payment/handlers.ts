import { ApplicationFailure, log, setDefaultSignalHandler, setHandler, workflowInfo } from '@temporalio/workflow';
import { commandKinds, type Command, type CommandKind } from '../../domain/payment/command.js';
import { adopt } from '../../domain/payment/change.js';
import { handle, passTime, type Answer } from '../../domain/payment/handle.js';
import { jsonBytes } from '../../domain/json.js';
import type { RefusalCode } from '../../domain/refusals.js';
import type { State } from '../../domain/payment/state.js';
import type { Parsed } from '../messages.js';
import { NO_ROOM_IN_RUN } from './asking.js';
import { rulesIn } from './fields.js';
import {
  adoptSignal,
  adoptUpdate,
  descriptions,
  isCommandKind,
  parseMessage,
  signals,
  updates,
  type Adopting,
  type WaitingSignal,
} from './messages.js';
import { countBug, countConflict, countDropped } from './metrics.js';
import { answerQueries } from './queries.js';

export type Mailbox = {
  /** In this run, whatever became of them. */
  signalsReceived: number;
  /** Signals that found no room, in order. Their senders have gone, so they wait here rather than hear "try later". */
  readonly waiting: WaitingSignal[];
  /** What these take as JSON. */
  readonly waitingBytes: () => number;
  /**
   * Unless it is open the SDK keeps what comes, in order and unread, and the run cannot continue as new. It is shut for
   * a moment, and full until something is recorded.
   */
  door: 'open' | 'shut' | 'full';
  /** Begins a new turn: lets time do its work, and takes in what waits, as far as there is room. */
  readonly beginTurn: () => void;
  /** Registers every handler, and takes what has come before. */
  readonly listen: () => void;
};

/**
 * Signals taken in one workflow task, at about a millisecond each. A task that takes longer than the SDK allows
 * (`isolateExecutionTimeout`) can end the whole worker process, and while it runs no other payment is served.
 */
const SIGNALS_A_TURN = 25;
const MAX_WAITING = 1_000;

/**
 * What comes to a payment. Handlers are synchronous, so that each command is one step; they wait for nothing and hold
 * nothing. Before `listen` the state has to be whole and everything else has to wait for it: messages that are there
 * already run inside `setHandler`.
 */
export function createMailbox(state: State, waiting: WaitingSignal[], publish: () => void): Mailbox {
  let turn = SIGNALS_A_TURN;
  const beginTurn = () => {
    letTimePass(state);
    turn = SIGNALS_A_TURN - takeWaiting(state, waiting, SIGNALS_A_TURN);
    if (mailbox.door !== 'open') openOrWait();
    publish();
  };
  const bytesOf = weighOnce();
  const mailbox: Mailbox = {
    signalsReceived: 0,
    waiting,
    waitingBytes: () => waiting.reduce((sum, signal) => sum + bytesOf(signal) + 1, 0),
    door: 'shut',
    beginTurn,
    listen: () => listen(),
  };

  const takeSignal = (name: string, message: unknown): void => {
    mailbox.signalsReceived += 1;
    turn -= 1;
    if (isCommandKind(name)) waiting.push({ kind: name, message });
    else countDropped('no_such_command');
    takeWaiting(state, waiting, SIGNALS_A_TURN);
    if (turn <= 0 || waiting.length >= MAX_WAITING) shut();
    publish();
  };

  /** A turn that took nothing of a full line would do so again: only a record makes room, and that begins a turn. */
  const openOrWait = (): void => {
    if (turn > 0 && waiting.length < MAX_WAITING) open();
    else mailbox.door = turn === SIGNALS_A_TURN ? 'full' : 'shut';
  };

  /** The default handler first: it takes the signals that are already waiting, whatever their names, in their order. */
  const open = (): void => {
    mailbox.door = 'open';
    setDefaultSignalHandler(takeSignal);
    for (const kind of commandKinds) {
      if (mailbox.door !== 'open') return;
      const description = descriptions[kind];
      setHandler(signals[kind], (message: unknown) => takeSignal(kind, message), { description });
    }
  };

  const shut = (): void => {
    mailbox.door = 'shut';
    setDefaultSignalHandler(undefined);
    for (const kind of commandKinds) setHandler(signals[kind], undefined);
  };

  // The validator has just read the message that its handler is given; on replay there was no validator.
  let validated: { message: unknown; parsed: ParsedCommand } | undefined;
  const takeUpdate = (kind: CommandKind, message: unknown): Answer => {
    const parsed = validated && validated.message === message ? validated.parsed : commandIn(state, kind, message);
    validated = undefined;
    try {
      return decided(state, parsed);
    } catch (bug) {
      countBug(kind, bug);
      throw ApplicationFailure.nonRetryable('This command met a bug. Nothing has changed.', 'InternalError');
    } finally {
      publish();
    }
  };

  const listen = (): void => {
    // Before the default handler, which takes all that is already waiting for commands.
    setHandler(adoptSignal, (message: unknown) => void takeUp(state, message), { description: ADOPTION });
    open();
    for (const kind of commandKinds) {
      setHandler(updates[kind], (message: unknown) => takeUpdate(kind, message), {
        description: descriptions[kind],
        validator: (message: unknown) => {
          assertRoomInRun();
          validated = { message, parsed: commandIn(state, kind, message) };
        },
      });
    }
    hearOfRules(state);
    answerQueries(state);
  };
  return mailbox;
}

/** The server ends a run of 51,200 events or 50 MiB, a payment with all that it holds. */
const MOST_IN_RUN = { events: 20_000, bytes: 12 * 1024 * 1024 } as const;

/**
 * A run that cannot continue, for Postgres is away and too much waits, takes no updates in the end: one that its
 * validator turns down leaves nothing in the history.
 */
function assertRoomInRun(): void {
  const { historyLength, historySize } = workflowInfo();
  if (historyLength < MOST_IN_RUN.events && historySize < MOST_IN_RUN.bytes) return;
  throw ApplicationFailure.nonRetryable('Too much waits to be recorded. Nothing has changed.', NO_ROOM_IN_RUN);
}

/** How many bytes a signal takes, which is asked again and again while many wait. */
function weighOnce(): (signal: WaitingSignal) => number {
  const weighed = new WeakMap<WaitingSignal, number>();
  return (signal) => {
    const bytes = weighed.get(signal) ?? jsonBytes(signal);
    weighed.set(signal, bytes);
    return bytes;
  };
}

function hearOfRules(state: State): void {
  setHandler(adoptUpdate, (message: unknown) => takeUp(state, message), {
    description: ADOPTION,
    validator: (message: unknown) => {
      if (rulesIn(message) === undefined) throw ApplicationFailure.nonRetryable('rules: missing', 'MalformedMessage');
    },
  });
}

const ADOPTION = 'Decide by other rules from now on. One JSON object: {"rules":2}';

/** A worker that does not know the rules fails the task, again and again, until one that does takes it. */
function takeUp(state: State, message: unknown): Adopting {
  const rules = rulesIn(message);
  if (rules === undefined) log.warn('signal dropped: malformed', { kind: 'adopt' });
  else adopt(state, rules);
  return { rules: state.rules };
}

function letTimePass(state: State): void {
  try {
    passTime(state, Date.now());
  } catch (bug) {
    countBug('clock', bug);
  }
}

/** Takes in what waits, oldest first, as far as there is room. Returns how many. */
function takeWaiting(state: State, waiting: WaitingSignal[], most: number): number {
  let taken = 0;
  for (let next = waiting[0]; next && taken < most && takeIn(state, next) === 'taken'; next = waiting[taken])
    taken += 1;
  waiting.splice(0, taken);
  return taken;
}

/** Room comes only from recording. With nothing left to record there will never be any. */
function takeIn(state: State, { kind, message }: WaitingSignal): 'taken' | 'no room' {
  const parsed = parseMessage(kind, message, state, 'signal');
  if (parsed.form === 'malformed') {
    countDropped('malformed', { kind, reason: parsed.reason });
    return 'taken';
  }
  try {
    const answer = decided(state, parsed);
    if (answer.outcome !== 'turned_away') return 'taken';
    if (isPassing(answer.code) && state.outbox.length > 0) return 'no room';
    if (answer.code === 'answer_in_books') return 'taken';
    countDropped('turned_away', { kind, code: answer.code });
  } catch (bug) {
    countBug(kind, bug);
  }
  return 'taken';
}

/** A sender who has seen more of it in the books than it knows itself lets it freeze. */
function decided(state: State, { command, known }: ParsedCommand): Answer {
  const before = state.books;
  try {
    return handle(state, command, Date.now(), known);
  } finally {
    if (state.books === 'differ' && before !== 'differ') countConflict();
  }
}

type ParsedCommand = Extract<Parsed<Command>, { form: 'command' }>;

function commandIn(state: State, kind: CommandKind, message: unknown): ParsedCommand {
  const parsed = parseMessage(kind, message, state, 'update');
  if (parsed.form === 'command') return parsed;
  throw ApplicationFailure.nonRetryable(parsed.reason, 'MalformedMessage');
}

/** Once something more is recorded, the same command may find another answer. */
function isPassing(code: RefusalCode): boolean {
  return code === 'try_later' || code === 'issue_not_recorded';
}
