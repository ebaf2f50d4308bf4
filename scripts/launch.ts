import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Failure } from '../runtime/failure.js';

/** A process of ours, once it says that it is ready. @param script built, or to be translated as it starts */
export async function launch(script: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const translated = script.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...translated, script], {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
  if (message !== 'ready') throw new Failure(`${script} did not start.`);
  return child;
}
