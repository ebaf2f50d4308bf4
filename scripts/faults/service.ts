import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Interruptible } from '../servers/own.js';
import { stopProcess } from '../servers/processes.js';

const TRIES_AGAIN_MS = 500;

/** A worker or an API that is started again whenever it ends, however often it takes until it comes up. */
export type Service = Interruptible & { readonly stop: () => Promise<void> };

export async function keepService(script: string, env: NodeJS.ProcessEnv, logPath: string): Promise<Service> {
  const log = await open(logPath, 'a', 0o600);
  const launch = () => spawn(process.execPath, [script], { env, stdio: ['ignore', log.fd, log.fd, 'ipc'] });
  let standing: 'kept' | 'stopped' = 'kept';
  let restsMs = TRIES_AGAIN_MS;
  let child = launch();
  let isReady = saysReady(child);
  const keep = async () => {
    for (;;) {
      await ended(child);
      isReady = Promise.resolve(false);
      await pause(restsMs);
      restsMs = TRIES_AGAIN_MS;
      if (standing === 'stopped') return;
      child = launch();
      isReady = saysReady(child);
    }
  };
  const kept = keep();
  const untilReady = async () => {
    while (standing === 'kept' && !(await isReady)) await pause(TRIES_AGAIN_MS / 5);
  };
  await untilReady();
  return {
    signal: (name) => void child.kill(name),
    killAndBegin: async (afterMs = 0) => {
      restsMs = afterMs;
      await stopProcess(child, 'SIGKILL', 1_000);
      // What was ready is not there any more; what is begun in its place has yet to say so.
      await pause(0);
      await untilReady();
    },
    stop: async () => {
      standing = 'stopped';
      await stopProcess(child, 'SIGTERM', 20_000);
      await kept;
      await log.close();
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Whether it says so before it ends. */
async function saysReady(child: ChildProcess): Promise<boolean> {
  const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
  return message === 'ready';
}
