import { join } from 'node:path';
import { makeKey } from '../../api/http/keys.js';
import type { Settings } from '../../runtime/settings.js';
import { addKey } from '../adminKey.js';
import { ensureMainShop } from '../mainShop.js';
import { findServices } from '../servers/builtServices.js';
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
  const opened: (() => unknown)[] = [];
  // The last first, and whatever fails to end the others are ended.
  const stop = async () => {
    const failures: unknown[] = [];
    for (const close of opened.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not all was ended');
  };
  try {
    return { ...(await open(settings, logs, (close) => opened.push(close))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** @param whenDone told how each part is ended, as soon as that is there */
async function open(settings: Settings, logs: string, whenDone: (close: () => unknown) => void) {
  const dynamicConfig = { 'limit.historyCount.suggestContinueAsNew': EVENTS_BEFORE_CONTINUE_AS_NEW };
  const servers = await startOwnServers('faults', settings, { temporalKeeps: 'everything', dynamicConfig });
  whenDone(servers.stop);
  const { sql, folder, namespace } = servers;
  await ensureMainShop(sql, settings);
  const built = await findServices(folder);
  const database = new URL(servers.databaseUrl);
  const temporalPort = Number(new URL(`http://${servers.temporalAddress}`).port);
  const apiPort = await freePort();
  const linkTo = async (port: number) => {
    const link = await openLink(port);
    whenDone(link.close);
    return link;
  };
  const links: Record<LinkName, Link> = {
    'till to api': await linkTo(apiPort),
    'api to postgres': await linkTo(Number(database.port)),
    'worker to postgres': await linkTo(Number(database.port)),
    'api to temporal': await linkTo(temporalPort),
    'worker to temporal': await linkTo(temporalPort),
  };
  const environmentOf = (name: 'api' | 'worker') => ({
    ...servers.environment(apiPort),
    LOG_LEVEL: 'warn',
    DATABASE_URL: through(database, links[`${name} to postgres`]),
    TEMPORAL_ADDRESS: `127.0.0.1:${links[`${name} to temporal`].port}`,
  });
  const serve = async (name: 'api' | 'worker') => {
    const service = await keepService(join(built, name, 'main.js'), environmentOf(name), join(logs, `${name}.log`));
    whenDone(service.stop);
    return service;
  };
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
    temporal: { address: servers.temporalAddress, namespace },
    victims,
    callerNamed,
  };
}

function through(database: URL, { port }: Link): string {
  const url = new URL(database);
  url.port = String(port);
  return url.href;
}
