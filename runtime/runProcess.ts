import { setTimeout } from 'node:timers/promises';
import { Failure } from './failure.js';
import { readSettings, type Settings } from './settings.js';

export type Running = {
  /** Lets what has begun be finished, then lets go of everything. */
  readonly stop: () => Promise<void>;
  /** How long that may take, whatever it waits for; then the process ends all the same. */
  readonly stopsWithinMs?: number;
  /** Comes when it cannot go on, and why: it is stopped then. */
  readonly failed?: Promise<Failure>;
};

/** Less than the half minute that whoever stops us waits. */
export const STOPS_WITHIN_MS = 28_000;

/**
 * The life of a process: starts it with the settings, tells the parent when it is ready, and drains it on SIGTERM, on
 * SIGINT, or when the parent is gone. What a person has to see to is one sentence and exit code 1.
 */
export async function runProcess(start: (settings: Settings) => Promise<Running>): Promise<void> {
  const running = await startOrExit(start);
  let stopping: Promise<void> | undefined;
  const stop = (failure?: Failure) => {
    stopping ??= stopInTime(running).then(
      () => (failure ? exitWith(failure) : process.exit(0)),
      (error: unknown) => exitWith(error),
    );
  };
  const asTold = () => stop();
  process.once('SIGTERM', asTold).once('SIGINT', asTold).once('disconnect', asTold);
  void running.failed?.then(stop);
  process.send?.('ready');
}

async function stopInTime({ stop, stopsWithinMs }: Running): Promise<void> {
  if (stopsWithinMs === undefined) return stop();
  const tooLate = setTimeout(stopsWithinMs).then(() => {
    throw new Failure('It was told to stop, and not everything could be finished in time.');
  });
  return Promise.race([stop(), tooLate]);
}

async function startOrExit(start: (settings: Settings) => Promise<Running>): Promise<Running> {
  try {
    return await start(readSettings(process.env));
  } catch (error) {
    return exitWith(error);
  }
}

function exitWith(error: unknown): never {
  console.error(error instanceof Failure ? error.message : error);
  process.exit(1);
}
