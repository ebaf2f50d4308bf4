import { canonicalJson } from '../payment/command.js';
import { balanceOf } from '../payment/payment.js';
import { shortBodyHash, shortHash, type PlainState } from '../payment/state.js';
import {
  commandOf,
  isMadeBy,
  movementOf,
  withoutReasons,
  type BookedCommand,
  type BookedMovement,
  type BookedPayment,
  type BookedRow,
} from './booked.js';
import type { Difference, Say } from './difference.js';
import { rememberedBy } from './remembered.js';
import type { Told } from './told.js';

/**
 * Every movement of the books: as the workflow made it, or, of one that it knows no more in full, as the one after its
 * predecessor and as its command says it; and every movement of the workflow up to the row's revision.
 * @param told null when only the books are there to be asked
 */
export function compareMovements(
  say: Say,
  { row, movements, commands }: BookedPayment,
  told: Told | null,
): Difference[] {
  const commandsById = new Map(commands.map((command) => [command.commandId, command]));
  const isAsked = (movement: BookedMovement) => {
    const command = commandsById.get(movement.commandId);
    return command !== undefined && isMadeBy(movement, command);
  };
  const made = new Map(madeMovements(row, told).map((movement) => [movement.sequence, movement]));
  const remembered = rememberedBy(told?.base ?? null);
  const befores = beforesIn(told?.base ?? null, remembered);
  const beforeOf = (sequence: number) => made.get(sequence)?.balanceBeforeMinor ?? befores.get(sequence);
  const isKnown = ({ commandId, sequence, balanceBeforeMinor, balanceAfterMinor }: BookedMovement) => {
    const own = remembered.get(shortHash(commandId));
    const isAfter = balanceAfterMinor === (beforeOf(sequence + 1) ?? balanceAfterMinor);
    if (own?.form !== 'whole') return (told === null || own?.outcome === 'accepted') && isAfter;
    return own.sequence === sequence && own.balanceBeforeMinor === balanceBeforeMinor && isAfter;
  };
  const found: Difference[] = [];
  let [next, balanceMinor] = [1, 0];
  const miss = (upTo: number) => {
    for (; next < upTo; next++) found.push(say('movement', String(next), null, textOf(made.get(next)) ?? 'made'));
  };
  for (const movement of movements) {
    const { sequence, balanceBeforeMinor, amountMinor, balanceAfterMinor } = movement;
    miss(sequence);
    const own = made.get(sequence);
    const isSound = balanceBeforeMinor === balanceMinor && balanceAfterMinor === balanceMinor + amountMinor;
    const isSame = own
      ? canonicalJson(own) === canonicalJson(movement)
      : isSound && isAsked(movement) && isKnown(movement);
    if (!isSame) found.push(say('movement', String(sequence), textOf(movement), textOf(own)));
    next = sequence + 1;
    balanceMinor = own?.balanceAfterMinor ?? beforeOf(sequence + 1) ?? balanceAfterMinor;
  }
  miss(Math.max(row.lastSequence, ...made.keys()) + 1);
  if (told === null && balanceMinor !== row.balanceMinor && found.length === 0)
    found.push(say('balance', '', row.balanceMinor, `${balanceMinor} by its movements`));
  return found;
}

/** What the balance was before each movement, as far as a workflow remembers it. */
function beforesIn(base: PlainState | null, remembered: ReturnType<typeof rememberedBy>): ReadonlyMap<number, number> {
  const all = [...remembered.values()].filter((each) => each.form === 'whole');
  const befores = new Map(all.map(({ sequence, balanceBeforeMinor }) => [sequence, balanceBeforeMinor]));
  // What the last of them left is what it went on with.
  return base ? befores.set(base.payment.lastSequence + 1, balanceOf(base.payment)) : befores;
}

function madeMovements({ revision }: BookedRow, told: Told | null): BookedMovement[] {
  const upTo = (told?.records ?? []).filter((record) => record.revision <= revision);
  return upTo.map(movementOf).filter((movement) => movement !== null);
}

function textOf(movement: BookedMovement | undefined): string | null {
  if (!movement) return null;
  const { kind, amountMinor, balanceAfterMinor, saleId, commandId } = movement;
  const sale = saleId === null ? '' : ` of sale ${saleId}`;
  return `${kind} ${amountMinor}${sale} to ${balanceAfterMinor}, command ${commandId}`;
}

/** Every command of the books, and every one of the workflow up to the row's revision. */
export function compareCommands(
  say: Say,
  { revision }: BookedRow,
  commands: readonly BookedCommand[],
  { records, base }: Told,
): Difference[] {
  const upTo = records.filter((each) => each.revision <= revision);
  const made = new Map(upTo.map((each) => [each.revision, commandOf(each)]));
  const remembered = rememberedBy(base);
  const isKnown = (command: BookedCommand) => {
    const own = remembered.get(shortHash(command.commandId));
    if (own?.form !== 'whole')
      return own !== undefined && (own.outcome === 'accepted') === (command.outcome === 'accepted');
    const isSame = own.outcome === command.outcome && own.revision === command.revision;
    return isSame && own.bodyHash === shortBodyHash(command.bodyHash);
  };
  const found: Difference[] = [];
  const there = new Set<number>();
  for (const command of commands) {
    there.add(command.revision);
    const own = made.get(command.revision);
    const isSame = own
      ? canonicalJson(withoutReasons(own)) === canonicalJson(withoutReasons(command))
      : command.revision <= revision && isKnown(command);
    if (!isSame) found.push(say('command', String(command.revision), saidOf(command), saidOf(own)));
  }
  for (let each = 1; each <= revision; each++)
    if (!there.has(each)) found.push(say('command', String(each), null, saidOf(made.get(each)) ?? 'decided'));
  return found;
}

function saidOf(command: BookedCommand | undefined): string | null {
  return command ? `${command.kind} ${command.outcome}, command ${command.commandId}` : null;
}
