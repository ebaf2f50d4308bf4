import {
  ApplicationFailure,
  log,
  metricMeter,
  setDefaultSignalHandler,
  setHandler,
} from '@temporalio/workflow';
import { view } from '../domain/accountPayment.js';
import type { Command, CommandKind } from '../domain/command.js';
import { handle, passTime, type Answer } from '../domain/handle.js';
import { shortHash, type State } from '../domain/state.js';
import {
  commandKinds,
  commandQuery,
  descriptions,
  isCommandKind,
  parseMessage,
  paymentQuery,
  signals,
  updates,
  type RememberedCommand,
} from './messages.js';

export type Mailbox = {
  /** In this run, whatever became of them. */
  signalsReceived: number;
  /** Signals that found no room, in order. Their senders have gone, so they wait here rather than hear "try later". */
  readonly waiting: Command[];
  /** Lets time do its work, and takes in what waits, as far as there is room. */
  readonly settle: () => void;
};

/**
 * Registers every handler. Handlers are synchronous, so that each command is one step; they wait for nothing and hold
 * nothing. The state has to be whole before this is called: messages that are waiting run inside `setHandler`.
 */
export function listen(state: State, waiting: Command[], publish: () => void): Mailbox {
  const mailbox: Mailbox = { signalsReceived: 0, waiting, settle: () => settle(state, mailbox, publish) };

  const takeSignal = (name: string, message: unknown): void => {
    mailbox.signalsReceived += 1;
    if (!isCommandKind(name)) return log.warn('signal dropped: no such command');
    const parsed = parseMessage(name, message);
    if (parsed.form === 'malformed') return log.warn('signal dropped: malformed', { kind: name, reason: parsed.reason });
    mailbox.waiting.push(parsed.command);
    mailbox.settle();
  };

  // The validator has just read the message that its handler is given; on replay there was no validator.
  let validated: { message: unknown; command: Command } | undefined;
  const takeUpdate = (kind: CommandKind, message: unknown): Answer => {
    const command = validated && validated.message === message ? validated.command : commandIn(kind, message);
    validated = undefined;
    try {
      return handle(state, command, Date.now());
    } catch (bug) {
      countBug(kind, bug);
      throw ApplicationFailure.nonRetryable('This command met a bug. Nothing has changed.', 'InternalError');
    } finally {
      publish();
    }
  };

  // First of all: it takes the signals that are already waiting, whatever their names, in the order in which they came.
  setDefaultSignalHandler(takeSignal);
  for (const kind of commandKinds) {
    const description = descriptions[kind];
    setHandler(signals[kind], (message: unknown) => takeSignal(kind, message), { description });
    setHandler(updates[kind], (message: unknown) => takeUpdate(kind, message), {
      description,
      validator: (message: unknown) => {
        validated = { message, command: commandIn(kind, message) };
      },
    });
  }
  setHandler(paymentQuery, () => view(state.payment, Date.now()), { description: 'The payment as it is now' });
  setHandler(commandQuery, (commandId) => remembered(state, commandId), {
    description: 'What became of a command: its commandId',
  });
  return mailbox;
}

function settle(state: State, { waiting }: Mailbox, publish: () => void): void {
  try {
    passTime(state, Date.now());
  } catch (bug) {
    countBug('clock', bug);
  }
  for (let next = waiting[0]; next && takeWaiting(state, next) === 'taken'; next = waiting[0]) waiting.shift();
  publish();
}

/** There is no room again before something was recorded; with nothing left to record there never will be. */
function takeWaiting(state: State, command: Command): 'taken' | 'no room' {
  try {
    const answer = handle(state, command, Date.now());
    if (answer.outcome !== 'turned_away') return 'taken';
    if (answer.code === 'try_later' && state.outbox.length > 0) return 'no room';
    log.error('signal dropped: turned away', { kind: command.kind, code: answer.code });
  } catch (bug) {
    countBug(command.kind, bug);
  }
  return 'taken';
}

function commandIn(kind: CommandKind, message: unknown): Command {
  const parsed = parseMessage(kind, message);
  if (parsed.form === 'command') return parsed.command;
  throw ApplicationFailure.nonRetryable(parsed.reason, 'MalformedMessage');
}

function remembered({ memory }: State, commandId: unknown): RememberedCommand {
  const id = shortHash(String(commandId));
  const accepted = memory.accepted.get(id);
  if (accepted) return { outcome: 'accepted', revision: accepted.revision, at: accepted.at };
  const refused = memory.refused.get(id);
  if (!refused) return { outcome: 'unknown' };
  return { outcome: 'refused', revision: refused.revision, at: refused.at, code: refused.code };
}

function countBug(kind: CommandKind | 'clock', bug: unknown): void {
  metricMeter.createCounter('account_payment_bugs', 'Commands that met a bug and changed nothing').add(1, { kind });
  log.error('a command met a bug; nothing has changed', { kind, bug: bug instanceof Error ? bug.message : 'unknown' });
}
