import type { PostgresServer } from '../../scripts/servers/postgres.js';
import { treeOf } from '../../scripts/servers/processes.js';

/** Stops a Postgres where it stands, or lets it go on: it refuses nothing and answers nothing meanwhile. */
export function signalPostgres({ pid }: PostgresServer, name: 'SIGSTOP' | 'SIGCONT'): void {
  // The first is what holds the leash; then comes the postmaster, before all that it would begin anew.
  const [, ...processes] = treeOf(pid);
  for (const each of processes) process.kill(each, name);
}
