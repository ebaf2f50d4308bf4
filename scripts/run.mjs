// Plain Node, no packages: makes sure that they are there, then runs a TypeScript file with what follows it as
// arguments.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

/** What opens something of ours, and where that is kept. */
const SECRET = /^(ADMIN_KEY|DATABASE_URL|DATABASE_OWNER_URL|TEMPORAL_.*)(_FILE)?$/;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  stop(`Node 20.19 or newer is needed; this is ${process.versions.node}.`);

if (writtenAt('node_modules/.package-lock.json') < writtenAt('package-lock.json')) {
  console.log('Installing packages (npm ci) ...');
  // Packages run scripts as they are installed.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRET.test(name)));
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
register();
await import(pathToFileURL(`${root}${script}`).href);

function writtenAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
