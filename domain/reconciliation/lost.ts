import { lastRevision, type Told } from './told.js';

/** What a payment's last run tells of what was decided, and of what people were promised, beyond its batches. */
export type LastRun = {
  readonly told: Told;
  /** The last revision that somebody was answered; 0 when nobody was. */
  readonly answeredRevision: number;
  /** The commands that came to it by signal, which nobody is answered. */
  readonly signalled: readonly string[];
  /** What the books said last of what it brought; null when they said nothing. */
  readonly booksSaid: 'recorded' | 'books_behind' | 'books_differ' | null;
};

/**
 * What would be lost, and could be had again, if a payment were started again from these books: nothing, what its
 * histories hold for the books (`recorded`), or what only its workflow itself knows (`decided`). `ended`: it ended by
 * itself, so all of it was in the books once, and nothing may be started in its place.
 */
export type Lost = 'nothing' | 'recorded' | 'decided' | 'ended';

/** @param booked what the books have of it: its revision, and the ids of its commands */
export function lostBy(
  { told, answeredRevision, signalled, booksSaid }: LastRun,
  booked: { readonly revision: number; readonly commandIds: ReadonlySet<string> },
): Lost {
  // One that is open is not replaced, and where books and workflow contradict each other the books count.
  if (told.ending === 'open') return 'nothing';
  if (told.ending === 'completed') return 'ended';
  if (booksSaid === 'books_differ') return 'nothing';
  const brought = new Set(told.records.map(({ commandId }) => commandId));
  const isUnheard = signalled.some((id) => !booked.commandIds.has(id) && !brought.has(id));
  if (isUnheard || answeredRevision > Math.max(booked.revision, lastRevision(told))) return 'decided';
  return lastRevision(told) > booked.revision ? 'recorded' : 'nothing';
}
