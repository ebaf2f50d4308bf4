import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Client, Connection } from '@temporalio/client';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createKeyring } from '../../api/http/keys.js';
import { freePort, hiddenOrigin } from '../../scripts/servers/ports.js';
import { startTemporal, type TemporalServer } from '../../scripts/servers/temporal.js';
import { openUiDoor } from '../../scripts/uiDoor/door.js';
import { mayActIn } from '../../scripts/uiDoor/mayAct.js';
import { chromiumWhere } from '../support/browser.js';
import { openShop, type Shop } from '../support/shop.js';

/** A page of somebody else's is open in a browser on this machine, and its name leads, now, to this machine. */

let shop: Shop;
let temporal: TemporalServer;
let client: Client;
let api: Server;
let site: Server;
let browser: BrowserContext;
let closeDoor: () => Promise<void>;
const ports = { ui: 0, http: 0, api: 0, site: 0 };
const portOf = (server: Server) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  shop = await openShop({ worker: 'none' });
  Object.assign(ports, { ui: await freePort(), http: await freePort() });
  const ui = await hiddenOrigin();
  temporal = await startTemporal({
    cli: inject('temporalCli'),
    namespace: 'default',
    port: await freePort(),
    httpPort: ports.http,
    ui,
    log: join(inject('folder'), 'ui-door.log'),
  });
  client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
  const mayAct = mayActIn(createKeyring({ sql: shop.sql }));
  closeDoor = await openUiDoor({ ui, host: '127.0.0.1', port: ports.ui, names: [], looking: 'open', mayAct });
  api = serve({ fetch: shop.app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
  site = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end('<!doctype html>'));
  site.listen(0, '127.0.0.1');
  for (const server of [api, site]) if (!server.listening) await once(server, 'listening');
  Object.assign(ports, { api: portOf(api), site: portOf(site) });
  browser = await (await chromiumWhere('MAP *.example 127.0.0.1')).newContext();
});
afterAll(async () => {
  await browser.close();
  for (const server of [api, site]) {
    server.closeAllConnections();
    server.close();
  }
  await closeDoor();
  await client.connection.close();
  await temporal.stop();
  await shop.close();
});

const opened = async (url: string): Promise<{ page: Page; status: number | undefined }> => {
  const page = await browser.newPage();
  const response = await page.goto(url, { waitUntil: 'domcontentloaded' });
  return { page, status: response?.status() };
};

const STARTS = '/api/v1/namespaces/default/workflows';
const started = async (workflowId: string): Promise<'there' | 'not there'> =>
  client.workflow
    .getHandle(workflowId)
    .describe()
    .then(
      () => 'there',
      () => 'not there',
    );

/** Sends what starts a workflow from a page, as a form or a script could, whatever it gets to read of the answer. */
async function startFrom(page: Page, origin: string, workflowId: string): Promise<void> {
  const body = JSON.stringify({ workflowType: { name: 'accountPayment' }, taskQueue: { name: 'payments' } });
  await page.evaluate(
    async ({ url, sent }) => {
      const headers = { 'Content-Type': 'text/plain' };
      await fetch(url, { method: 'POST', mode: 'no-cors', headers, body: sent }).catch(() => undefined);
    },
    { url: `${origin}${STARTS}/${workflowId}`, sent: body },
  );
}

test("a site whose name leads here reads nothing at Temporal's UI, its HTTP port, the API or the pages", async () => {
  const there: [port: number, path: string, statuses: number[]][] = [
    [ports.ui, '/', [421]],
    [ports.ui, '/api/v1/settings', [421]],
    [ports.ui, STARTS, [421]],
    [ports.http, STARTS, [403]],
    [ports.api, '/v1/account-payments', [421]],
    [ports.api, '/docs', [421]],
    [ports.api, '/openapi.json', [421]],
    [ports.api, '/sign-in', [421]],
  ];
  for (const [port, path, statuses] of there) {
    const { page, status } = await opened(`http://rebound.example:${port}${path}`);
    expect(statuses, `${port}${path}`).toContain(status);
    await page.close();
  }
});

test('and starts no workflow: neither under its own name, nor by sending what it cannot read', async () => {
  const { page } = await opened(`http://rebound.example:${ports.site}/`);
  await startFrom(page, `http://127.0.0.1:${ports.http}`, 'by-http');
  await startFrom(page, `http://127.0.0.1:${ports.ui}`, 'by-ui');
  await page.close();
  const rebound = await opened(`http://rebound.example:${ports.ui}/`);
  await startFrom(rebound.page, `http://rebound.example:${ports.ui}`, 'rebound');
  await rebound.page.close();
  for (const id of ['by-http', 'by-ui', 'rebound']) expect(await started(id), id).toBe('not there');
});

test('whoever is here may look; to act, one signs in with an admin key, and no other', async () => {
  const origin = `http://127.0.0.1:${ports.ui}`;
  await client.workflow.start('accountPayment', { taskQueue: 'nobody', workflowId: 'seen' });
  const { page, status } = await opened(`${origin}/namespaces/default/workflows`);
  expect(status).toBe(200);
  await page.getByText('seen').first().waitFor({ timeout: 120_000 });
  await page.close();

  const ask = (path: string, key?: string, init: RequestInit = {}) =>
    fetch(`${origin}${path}`, {
      ...init,
      redirect: 'manual',
      headers: {
        ...(init.headers as Record<string, string>),
        ...(key !== undefined && { Authorization: `Basic ${Buffer.from(`anna:${key}`).toString('base64')}` }),
      },
    });
  const actionsFor = async (key?: string) => {
    const settings = (await (await ask('/api/v1/settings', key)).json()) as { DisableWriteActions: boolean };
    return settings.DisableWriteActions ? 'off' : 'on';
  };
  const { till, manager, finance, admin } = shop.keys;
  for (const key of [undefined, till, manager, finance, 'no key']) {
    expect(await actionsFor(key)).toBe('off');
    expect((await ask('/sign-in', key)).status).toBe(401);
    expect((await ask(`${STARTS}/seen/terminate`, key, { method: 'POST', body: '{}' })).status).toBe(401);
  }
  expect(await actionsFor(admin)).toBe('on');
  expect((await ask('/sign-in', admin)).status).toBe(303);
  const fromElsewhere = { method: 'POST', body: '{}', headers: { Origin: 'http://rebound.example' } };
  expect((await ask(`${STARTS}/seen/terminate`, admin, fromElsewhere)).status).toBe(403);

  // As the UI's own pages do it: with the token of its cookie.
  const cookie = (await ask('/', admin)).headers.get('set-cookie')?.split(';')[0] ?? '';
  const headers = { Cookie: cookie, 'X-CSRF-Token': cookie.replace('_csrf=', ''), 'Content-Type': 'application/json' };
  const acted = await ask(`${STARTS}/seen/terminate`, admin, { method: 'POST', body: '{"reason":"seen"}', headers });
  expect(acted.status).toBe(200);
  expect((await client.workflow.getHandle('seen').describe()).status.name).toBe('TERMINATED');
});
