import { join } from 'node:path';
import { DefaultLogger } from '@temporalio/worker';
import { makeKey } from '../../api/http/keys.js';
import type { Settings } from '../../runtime/settings.js';
import { bundleWorkflows } from '../../worker/bundle.js';
import { addKey } from '../adminKey.js';
import { ensureMainShop } from '../mainShop.js';
import { buildServices } from '../servers/builtServices.js';
import { startOwnServers } from '../servers/own.js';
import { freePort } from '../servers/ports.js';
import { callerAt, type Caller } from './http.js';
import type { LinkName, Victims } from './harm.js';
import { openLink, type Link } from './link.js';
import { keepService } from './service.js';

/** So that payments and sales cross from run to run again and again. */
const EVENTS_BEFORE_CONTINUE_AS_NEW = '200';

/**
 * Servers, worker and API as they are shipped, and a way between any two of them that can be harmed.
 * @param logs the folder for what worker and API say
 */
export async function openWorld(settings: Settings, logs: string) {
  const dynamicConfig = { 'limit.historyCount.suggestContinueAsNew': EVENTS_BEFORE_CONTINUE_AS_NEW };
  const servers = await startOwnServers('faults', settings, { temporalKeeps: 'everything', dynamicConfig });
  const { sql, folder } = servers;
  await ensureMainShop(sql, settings);
  const built = join(folder, 'built');
  await buildServices(built, (await bundleWorkflows(new DefaultLogger('WARN'))).code);
  const database = new URL(servers.databaseUrl);
  const temporalPort = Number(new URL(`http://${servers.temporalAddress}`).port);
  const apiPort = await freePort();
  const links: Record<LinkName, Link> = {
    'till to api': await openLink(apiPort),
    'api to postgres': await openLink(Number(database.port)),
    'worker to postgres': await openLink(Number(database.port)),
    'api to temporal': await openLink(temporalPort),
    'worker to temporal': await openLink(temporalPort),
  };
  const environmentOf = (name: 'api' | 'worker') => ({
    ...servers.environment(apiPort),
    LOG_LEVEL: 'warn',
    DATABASE_URL: through(database, links[`${name} to postgres`]),
    TEMPORAL_ADDRESS: `127.0.0.1:${links[`${name} to temporal`].port}`,
  });
  const serve = (name: 'api' | 'worker') =>
    keepService(join(built, name, 'main.js'), environmentOf(name), join(logs, `${name}.log`));
  const [worker, api] = [await serve('worker'), await serve('api')];
  const victims: Victims = {
    processes: { api, worker, postgres: servers.postgres, temporal: servers.temporal },
    links,
  };
  const callerNamed = async (
    name: string,
    way: 'through the link' | 'straight' = 'through the link',
  ): Promise<Caller> => {
    const key = makeKey();
    await addKey(sql, key, name, 'manager');
    const port = way === 'straight' ? apiPort : links['till to api'].port;
    return callerAt(`http://127.0.0.1:${port}`, name, key);
  };
  return {
    sql,
    victims,
    callerNamed,
    stop: async () => {
      await Promise.all([api.stop(), worker.stop()]);
      for (const link of Object.values(links)) link.close();
      await servers.stop();
    },
  };
}

function through(database: URL, { port }: Link): string {
  const url = new URL(database);
  url.port = String(port);
  return url.href;
}
