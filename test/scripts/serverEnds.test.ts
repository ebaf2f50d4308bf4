import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, expect, inject, test } from 'vitest';
import { isAlive } from '../../scripts/servers/processes.js';
import { treeOf } from '../../scripts/servers/processes.js';
import { ownEnvironment, ready, start } from '../support/start.js';
import { until } from '../support/shop.js';

const commandLine = (pid: number) => execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });

/** Both times the same folder: what the first start has set up need not be set up again. */
let env: Record<string, string>;
beforeAll(async () => {
  env = await ownEnvironment(join(inject('folder'), `ends-${randomUUID()}`), inject('temporalCli'));
});

test.each([
  ['Postgres', 'listen_addresses'],
  ["Temporal's development server", 'start-dev'],
])('when %s dies npm start says so, and ends with all that it started', async (name, sign) => {
  const started = start(env);
  try {
    await ready(started);
    const tree = treeOf(started.child.pid ?? 0);
    const servers = tree.filter((pid) => commandLine(pid).includes(sign) && !commandLine(pid).includes('leash.mjs'));
    expect(servers).toHaveLength(1);
    process.kill(servers[0] ?? 0, 'SIGKILL');
    expect(await started.ended).toBe(1);
    expect(started.output()).toContain(`${name} has ended, so nothing here goes on; its log is `);
    await until(() => Promise.resolve(!tree.some(isAlive)));
  } finally {
    started.child.kill('SIGTERM');
    await started.ended;
  }
});
