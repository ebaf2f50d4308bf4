import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { stopProcess } from './servers/processes.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** What has run for so long has come up well; what ends it now is something new. */
const STEADY_MS = 60_000;

type Options = { name: string; launch: () => ChildProcess; say: (line: string) => void };

/**
 * Starts a process of ours, and again whenever it ends before it is told to, however it ends. Fails only when it does
 * not come up the first time: then something is wrong that a person has to see to.
 */
export async function keepRunning({ name, launch, say }: Options): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  let child = launch();
  if (!(await isReady(child))) throw new Error(`the ${name} did not start`);
  const watch = async () => {
    for (let pauseMs = 0; ;) {
      const startedAt = Date.now();
      const reason = await endOf(child);
      if (stopping.signal.aborted) return;
      pauseMs = nextPause(pauseMs, Date.now() - startedAt);
      say(`The ${name} ended unexpectedly (${reason}); it is started again in ${pauseMs / 1_000} s.`);
      await setTimeout(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      child = launch();
      void isReady(child).then((ready) => ready && say(`The ${name} runs again.`));
    }
  };
  const watched = watch();
  return async () => {
    stopping.abort();
    await stopProcess(child, 'SIGTERM', 30_000);
    await watched;
  };
}

/** Each pause is twice the one before, so that what cannot come up does not keep the machine busy. */
export function nextPause(previousMs: number, ranForMs: number): number {
  if (previousMs === 0 || ranForMs >= STEADY_MS) return FIRST_PAUSE_MS;
  return Math.min(2 * previousMs, LONGEST_PAUSE_MS);
}

/** Whether it says that it is ready, or ends before. */
function isReady(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.once('message', () => resolve(true));
    child.once('exit', () => resolve(false)).once('error', () => resolve(false));
  });
}

function endOf(child: ChildProcess): Promise<string> {
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve(String(child.exitCode ?? child.signalCode));
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(String(code ?? signal)));
    child.once('error', (error) => resolve(error.message));
  });
}
