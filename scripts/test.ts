import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startVitest } from 'vitest/node';
import { toolsEnvironment } from './servers/told.mjs';

/** Types and lint first, for nothing else is worth running without them; then all tests, or those that match. */
const filters = process.argv.slice(2);
const checks: [string, string[]][] = [
  ['types and lint', ['node_modules/oxlint/bin/oxlint', '--max-warnings', '0', '.']],
  ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.']],
];
const failed = filters.length === 0 ? await failedChecks() : [];
if (failed.length > 0) {
  console.log(`The check of ${failed.join(' and ')} failed; no test was run.`);
  report(0, 1);
  process.exit(1);
}

const vitest = await startVitest('test', filters, { watch: false });
const modules = vitest.state.getTestModules();
const tests = modules.flatMap((module) => [...module.children.allTests()]);
const count = (state: string) => tests.filter((test) => test.result().state === state).length;
const broken = modules.filter(
  (module) => module.state() === 'failed' && [...module.children.allTests('failed')].length === 0,
);
const unhandled = vitest.state.getUnhandledErrors().length;
const [passed, notPassed, skipped] = [count('passed'), count('failed') + broken.length + unhandled, count('skipped')];
await vitest.close();
report(passed, notPassed, skipped);
process.exit(notPassed === 0 && passed > 0 ? 0 : 1);

/** The last two lines; the time is the process', so it has the checks and the servers in it too. */
function report(passed: number, failed: number, skipped = 0): void {
  console.log(`The whole run took ${(performance.now() / 1000).toFixed(1)} s.`);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}

/** Runs the checks side by side, and names those that found something. */
async function failedChecks(): Promise<string[]> {
  const results = await Promise.all(checks.map(async ([name, args]) => ({ name, status: await check(name, args) })));
  return results.flatMap(({ name, status }) => (status === 0 ? [] : [name]));
}

async function check(name: string, args: string[]): Promise<unknown> {
  const startedAt = Date.now();
  const [status] = (await once(
    spawn(process.execPath, args, { stdio: 'inherit', env: toolsEnvironment(process.env) }),
    'exit',
  )) as unknown[];
  console.log(`${name}: ${status === 0 ? 'ok' : 'failed'} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  return status;
}
