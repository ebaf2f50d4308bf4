// Plain Node, no packages: makes sure that they are there, then runs a TypeScript file with what follows it as
// arguments.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { toolsEnvironment } from './servers/told.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  stop(`Node 20.19 or newer is needed; this is ${process.versions.node}.`);

if (writtenAt('node_modules/.package-lock.json') < writtenAt('package-lock.json')) {
  console.log('Installing packages (npm ci) ...');
  // Packages run scripts as they are installed.
  const env = toolsEnvironment(process.env);
  const { status } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) stop('The packages could not be installed: see what npm says above.');
}

const script = process.argv[2];
if (!script) stop('usage: node scripts/run.mjs <script.ts> [arguments]');
// Both would run what they find in a folder of fixed name among the temporary files, where any user can have put it
// first: tsx its compiled sources, Node (from 22 on, for tsc) its compile cache. Whatever is started from here inherits
// it.
process.env.TSX_DISABLE_CACHE = '1';
process.env.NODE_DISABLE_COMPILE_CACHE = '1';
process.argv.splice(1, 2, `${root}${script}`);
const { register } = await import('tsx/esm/api');
// What translates is a process of its own, which begins with the first file and is told what there is then.
const all = { ...process.env };
const told = toolsEnvironment(all);
for (const name of Object.keys(all)) if (!(name in told)) delete process.env[name];
register();
await import('../runtime/failure.ts');
Object.assign(process.env, all);
await import(pathToFileURL(`${root}${script}`).href);

function writtenAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
