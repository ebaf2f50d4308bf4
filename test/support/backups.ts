import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Sql } from '../../db/connect.js';
import { startPostgres, type PostgresServer } from '../../scripts/servers/postgres.js';
import { postgresHome, postgresUser } from '../../scripts/servers/postgresHome.js';
import { until } from './shop.js';

const run = promisify(execFile);

/** A Postgres that archives what it writes, its backup, and its coming back as of some instant: docs/restore.md. */
export async function openBackups(folder: string, port: number) {
  const user = await postgresUser();
  const archive = join(folder, 'archive');
  const backup = join(folder, 'backup');
  for (const each of [archive, backup]) {
    await mkdir(each, { recursive: true, mode: 0o700 });
    if (user) await chown(each, user.uid, user.gid);
  }
  const archiving = ['archive_mode=on', `archive_command=cp "%p" "${archive}/%f"`];
  const homeAt = (name: string) => postgresHome(join(folder, name), user);

  return {
    start: (): Promise<PostgresServer> => startPostgres({ folder: join(folder, 'first'), port, settings: archiving }),

    /** While it goes on serving: what is copied half-way is completed from the archive. */
    async backUp(sql: Sql): Promise<void> {
      const connection = await sql.reserve();
      await connection`select pg_backup_start('nightly', fast => true)`;
      await run('cp', ['-a', `${join(await homeAt('first'), 'data')}/.`, backup]);
      const [label] = await connection<{ labelfile: string }[]>`select labelfile from pg_backup_stop()`;
      connection.release();
      await writeFile(join(backup, 'backup_label'), label?.labelfile ?? '');
      await rm(join(backup, 'postmaster.pid'), { force: true });
      for (const file of await readdir(join(backup, 'pg_wal')))
        await rm(join(backup, 'pg_wal', file), { recursive: true });
    },

    /** Resolves once all that was written is in the archive. */
    async archived(sql: Sql): Promise<void> {
      const [row] = await sql<{ file: string }[]>`select pg_walfile_name(pg_switch_wal()) as file`;
      await until(async () => {
        const [archiver] = await sql<{ last: string | null }[]>`select last_archived_wal as last from pg_stat_archiver`;
        return (archiver?.last ?? '') >= (row?.file ?? '');
      });
    },

    /** A new server on the same port, which knows what the first one knew then. */
    async startAsOf(instant: string): Promise<PostgresServer> {
      const home = await homeAt('second');
      await run('cp', ['-a', backup, join(home, 'data')]);
      await run('cp', ['-a', join(await homeAt('first'), 'password'), home]);
      const signal = join(home, 'data', 'recovery.signal');
      await writeFile(signal, '');
      if (user) for (const path of [signal, join(home, 'data', 'backup_label')]) await chown(path, user.uid, user.gid);
      const recovering = [
        `restore_command=cp "${archive}/%f" "%p"`,
        `recovery_target_time=${instant}`,
        'recovery_target_action=promote',
      ];
      return startPostgres({ folder: join(folder, 'second'), port, settings: recovering });
    },
  };
}
