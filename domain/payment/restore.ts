import { commit, confirm, changeOfAccepted, changeOfRefused } from './change.js';
import type { By, Command, CommandKind, Issue } from './command.js';
import { stateAtIssue } from './issue.js';
import { InvariantBroken } from './invariants.js';
import type { CommandRecord, Details, State } from './state.js';

/** A command as the books have it. */
export type BookedCommand = Pick<
  CommandRecord,
  'commandId' | 'kind' | 'bodyHash' | 'outcome' | 'rules' | 'revision'
> & {
  readonly by: By;
  readonly decidedAt: string;
  readonly details: Details;
};

/**
 * The state of a payment as its books tell it: every command that they have is carried out once more, and none is
 * decided anew, for the rules may have changed since.
 * @param commands after the issue, in the order of their revisions
 * @param issueHash that of the issue, for the books do not keep all that was hashed
 * @throws InvariantBroken when the books do not follow from each other
 */
export function restore(issue: Issue, commands: readonly BookedCommand[], issueHash?: string): State {
  const state = stateAtIssue(issue, issueHash);
  confirm(state, 1);
  for (const booked of commands) {
    if (booked.revision !== state.payment.revision + 1) throw new InvariantBroken('revisions have no gap');
    const nowMs = Date.parse(booked.decidedAt);
    const command = commandOf(booked);
    const { outcome, bodyHash } = booked;
    state.rules = booked.rules;
    const change =
      outcome === 'accepted'
        ? changeOfAccepted(state, command, nowMs, bodyHash)
        : changeOfRefused(state, command, outcome, nowMs, bodyHash);
    commit(state, change);
    confirm(state, 1);
  }
  return state;
}

function commandOf({ kind, commandId, by, details }: BookedCommand): Command {
  const { expiresAtBefore: _, ...asked } = details;
  if (kind === 'issue') throw new InvariantBroken('a payment is issued once');
  return { ...asked, kind: kind satisfies CommandKind, commandId, by } as unknown as Command;
}
