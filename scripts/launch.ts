import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Failure } from '../runtime/failure.js';

/** A process of ours, once it says that it is ready. @param script from the top folder, `api/main.ts` */
export async function launch(script: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const path = fileURLToPath(new URL(`../${script}`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path], {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
  if (message !== 'ready') throw new Failure(`${script} did not start.`);
  return child;
}
