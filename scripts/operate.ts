import { Connection } from '@temporalio/client';
import { BooksPutBack } from '../db/booksCompared.js';
import { describeFailure, isRecordsOutage } from '../db/outage.js';
import { Failure } from '../runtime/failure.js';
import { runOnce } from '../runtime/runOnce.js';
import type { Settings } from '../runtime/settings.js';
import { ActorsUnavailable, OutcomeUnknown } from '../service/temporal.js';

/** What a comparison or a proof ends with that found something; 1 is that it could not find out. */
export const FOUND_SOMETHING = 2;

/** A command that an operator types, or a timer: what it cannot reach is one sentence, too, and exit code 1. */
export async function operate(work: (settings: Settings) => Promise<void>): Promise<void> {
  await runOnce(async (settings) => {
    try {
      await work(settings);
    } catch (error) {
      throw outageOf(error) ?? error;
    }
  });
}

/** @throws Failure when nobody answers there */
export async function connectTemporal({ temporal }: Settings): Promise<Connection> {
  return Connection.connect(temporal.connectionOptions).catch(() => {
    throw temporalAway();
  });
}

function outageOf(error: unknown): Failure | undefined {
  if (error instanceof BooksPutBack)
    return new Failure(
      'The books were put back, and know less than Temporal: do npm run reconcile -- --restored first.',
    );
  if (error instanceof ActorsUnavailable) return temporalAway();
  if (error instanceof OutcomeUnknown)
    return new Failure(
      'Temporal took it, and no worker has answered yet: it goes on by itself. Look again in a moment.',
    );
  if (!isRecordsOutage(error)) return undefined;
  return new Failure(
    `Postgres cannot be reached (${describeFailure(error)}): is it running, and is DATABASE_URL right?`,
  );
}

function temporalAway(): Failure {
  return new Failure('Temporal cannot be reached: is it running, and is TEMPORAL_ADDRESS right?');
}
