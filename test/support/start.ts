import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../scripts/servers/ports.js';
import { until } from './shop.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type Started = { child: ChildProcess; output: () => string; ended: Promise<number | null> };

/** Ports and folder of an `npm start` of its own. */
export async function ownEnvironment(dataDir: string, cli: string): Promise<Record<string, string>> {
  const [port, postgres, temporal, ui] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  return {
    ...{
      PORT: String(port),
      POSTGRES_PORT: String(postgres),
      TEMPORAL_PORT: String(temporal),
      TEMPORAL_UI_PORT: String(ui),
    },
    DATA_DIR: dataDir,
    TEMPORAL_CLI: cli,
  };
}

/** What `npm start` runs. */
export function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'scripts/start.ts'], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text, ended: once(child, 'exit').then(([code]) => code as number | null) };
}

/** Comes when all is up. @throws with all that it said, when it ends before or takes too long */
export async function ready({ child, output }: Started): Promise<void> {
  await until(() => Promise.resolve(output().includes('Ready.') || child.exitCode !== null)).catch(() => undefined);
  if (!output().includes('Ready.')) throw new Error(`It did not come up (${child.exitCode}): ${output()}`);
}
