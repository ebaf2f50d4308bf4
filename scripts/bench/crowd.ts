import { setTimeout as pause } from 'node:timers/promises';
import { apply, issue } from './calls.js';
import { measure, type Pace, type Sample } from './measure.js';
import type { Stand } from './stand.js';
import { insist, type Send } from './till.js';

const IMPORTERS = 16;
/** So many payments, a worker's memory may not hold all. */
const MANY = 5_000;

/** A till's applies beside an import, in turns with none; then on many payments at random, in turns with few. */
export async function crowd(stand: Stand, tills: Send, importers: Send, pace: Pace, enough = MANY): Promise<Sample[]> {
  const few = await Promise.all(Array.from({ length: 64 }, () => insist(() => issue(tills, 'F'))));
  const many: string[] = [];
  const on = (name: string, references: readonly string[], customerId: string) => ({
    ...apply(tills, name, () => ({ customerId, reference: anyOf(references) })),
    callers: [],
  });
  const samples: Sample[] = [];
  for (let round = 0; round < pace.rounds; round++) {
    samples.push(await measure(stand, on('apply, no import', few, 'F'), 1, pace.seconds));
    const stop = startImport(importers, many);
    await pause(1_000);
    samples.push(await measure(stand, on('apply beside an import', few, 'F'), 1, pace.seconds));
    await stop();
    await untilRecorded(stand);
  }
  if (many.length < enough) {
    console.log(`Issuing until there are ${enough} payments ...`);
    const stop = startImport(importers, many);
    while (many.length < enough) await pause(1_000);
    await stop();
    await untilRecorded(stand);
  }
  console.log(`There are ${many.length} payments more.`);
  // The few were put out of the worker's memory meanwhile.
  await measure(stand, on('warm up', few, 'F'), 8, pace.seconds);
  for (let round = 0; round < pace.rounds; round++) {
    samples.push(await measure(stand, on('apply on few payments', few, 'F'), 8, pace.seconds));
    samples.push(await measure(stand, on('apply on many payments at random', many, 'M'), 8, pace.seconds));
  }
  return samples;
}

/** Issues without waiting for the books, as fast as it is let, until it is told to stop. */
export function startImport(send: Send, into: string[]): () => Promise<void> {
  let goesOn = true;
  const importer = async () => {
    while (goesOn) into.push(await insist(() => issue(send, 'M', 'wait=0')));
  };
  const all = Promise.all(Array.from({ length: IMPORTERS }, importer));
  return async () => {
    goesOn = false;
    await all;
  };
}

export async function untilRecorded({ sql }: Stand): Promise<void> {
  for (;;) {
    const waiting = await sql`
      select from issue_reservations where reference not in (select reference from account_payments) limit 1`;
    if (waiting.length === 0) return;
    await pause(200);
  }
}

function anyOf(references: readonly string[]): string {
  return references[Math.floor(Math.random() * references.length)] ?? '';
}
