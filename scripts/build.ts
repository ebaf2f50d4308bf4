import { spawnSync } from 'node:child_process';
import { cp, rm, writeFile } from 'node:fs/promises';
import { DefaultLogger } from '@temporalio/worker';
import { runOnce } from '../runtime/runOnce.js';
import { Failure } from '../runtime/failure.js';
import { toolsEnvironment } from './servers/told.mjs';
import { bundleWorkflows } from '../worker/bundle.js';

/** What production runs: JavaScript in `dist/`, the SQL and what pages show beside it, the workflows bundled ahead. */
await runOnce(async () => {
  await rm('dist', { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
    env: toolsEnvironment(process.env),
  });
  if (status !== 0) throw new Failure('The types do not check; nothing was built.');
  for (const folder of ['db/migrations', 'web/assets', 'docs']) await cp(folder, `dist/${folder}`, { recursive: true });
  await writeFile('dist/workflow-bundle.js', (await bundleWorkflows(new DefaultLogger('WARN'))).code);
  console.log('Built: dist/');
});
