import {
  ApplicationFailure,
  log,
  metricMeter,
  setDefaultSignalHandler,
  setHandler,
} from '@temporalio/workflow';
import { view } from '../domain/accountPayment.js';
import type { Command, CommandKind } from '../domain/command.js';
import { handle, type Answer } from '../domain/handle.js';
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

export type Mailbox = { signalsReceived: number };

/**
 * Registers every handler. Handlers are synchronous, so that each command is one step; they wait for nothing and hold
 * nothing. The state has to be whole before this is called: messages that are waiting run inside `setHandler`.
 */
export function listen(state: State, publish: () => void): Mailbox {
  const mailbox: Mailbox = { signalsReceived: 0 };

  const takeSignal = (name: string, message: unknown): void => {
    mailbox.signalsReceived += 1;
    if (!isCommandKind(name)) return log.warn('signal dropped: no such command');
    const parsed = parseMessage(name, message);
    if (parsed.form === 'malformed') return log.warn('signal dropped: malformed', { kind: name, reason: parsed.reason });
    try {
      take(parsed.command);
    } catch (bug) {
      countBug(name, bug);
    }
  };

  const takeUpdate = (kind: CommandKind, message: unknown): Answer => {
    try {
      return take(commandIn(kind, message));
    } catch (bug) {
      countBug(kind, bug);
      throw ApplicationFailure.nonRetryable('This command met a bug. Nothing has changed.', 'InternalError');
    }
  };

  const take = (command: Command): Answer => {
    const answer = handle(state, command, Date.now());
    publish();
    return answer;
  };

  // First of all: it takes the signals that are already waiting, whatever their names, in the order in which they came.
  setDefaultSignalHandler(takeSignal);
  for (const kind of commandKinds) {
    const description = descriptions[kind];
    setHandler(signals[kind], (message: unknown) => takeSignal(kind, message), { description });
    setHandler(updates[kind], (message: unknown) => takeUpdate(kind, message), {
      description,
      validator: (message: unknown) => void commandIn(kind, message),
    });
  }
  setHandler(paymentQuery, () => view(state.payment, Date.now()), { description: 'The payment as it is now' });
  setHandler(commandQuery, (commandId) => remembered(state, commandId), {
    description: 'What became of a command: its commandId',
  });
  return mailbox;
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

function countBug(kind: CommandKind, bug: unknown): void {
  metricMeter.createCounter('account_payment_bugs', 'Commands that met a bug and changed nothing').add(1, { kind });
  log.error('a command met a bug; nothing has changed', { kind, bug: bug instanceof Error ? bug.message : 'unknown' });
}
