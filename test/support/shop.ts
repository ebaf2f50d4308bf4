import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { createActors } from '../../service/actors.js';
import { createApp } from '../../api/createApp.js';
import { createKeyring, makeKey } from '../../api/http/keys.js';
import { openConnection } from '../../service/connection.js';
import { createParts } from '../../service/createParts.js';
import { NO_ACTOR } from '../../service/temporal.js';
import { createStaffDesk } from '../../service/staff/desk.js';
import { createPages } from '../../web/createPages.js';
import type { Activities } from '../../workflows/activities.js';
import { connect, disconnect, STATEMENT_MS, type Sql } from '../../db/connect.js';
import { connectPlainly } from '../../db/staff/connect.js';
import { insertShop, type NewShop } from '../../db/shops.js';
import type { Role } from '../../domain/roles.js';
import type { StaffRole } from '../../domain/staff.js';
import type { CommandKind } from '../../domain/payment/command.js';
import type { Answer } from '../../domain/payment/handle.js';
import type { AccountPaymentView } from '../../domain/payment/payment.js';
import { createLog } from '../../runtime/log.js';
import { addKey } from '../../scripts/adminKey.js';
import { ensureNamespace } from '../../scripts/namespace.js';
import { connectWorker } from '../../worker/connect.js';
import { createWorker } from '../../worker/createWorker.js';
import type { Message } from '../../workflows/payment/messages.js';
import { TASK_QUEUE } from '../../workflows/taskQueue.js';
import { saleWorkflowId } from '../../workflows/sale/start.js';
import { createDatabase } from './database.js';
import { addPerson, enter } from './desk.js';
import { AMPLE_MS, withAmpleDeadlines, withAmpleWait, type Patience } from './patience.js';
import { installRuntime } from './runtime.js';

export type Shop = Awaited<ReturnType<typeof openShop>>;

export type Reply<Body = unknown> = { status: number; headers: Headers; body: Body };

/** A whole service of its own: database, worker and API, on the run's servers. Close it when done. */
export async function openShop({
  now = Date.now,
  worker = 'running',
  postgresUrl = inject('postgresUrl'),
  temporalAddress = inject('temporalAddress'),
  returnPeriodMs = 86_400_000,
  patience = 'ample_with_worker',
  keyPatienceMs = patience === 'ample_without_books' ? undefined : AMPLE_MS,
  namespace = 'default',
  taskQueue = `test-${randomUUID()}`,
  around,
}: ShopOptions = {}) {
  installRuntime();
  let current: { worker: Worker; done: Promise<void> } | undefined;
  const { url: databaseUrl, serviceUrl, sql } = await createDatabase(postgresUrl);
  const serviceSql = connect(serviceUrl, { name: 'test-service', connections: 10, statementMs: STATEMENT_MS });
  const shopId = await addShop(sql);
  const connection = openConnection({ address: temporalAddress });
  const native = await connectWorker({ address: temporalAddress });
  let hurried = 0;
  const isAmple = () => hurried === 0 && (patience !== 'ample_with_worker' || current !== undefined);
  const isAmpleForBooks = () => isAmple() && patience !== 'ample_without_books';
  /** Does something for which nobody waits longer than is shipped. */
  const asShipped = async <T>(work: () => Promise<T>): Promise<T> => {
    hurried += 1;
    return work().finally(() => (hurried -= 1));
  };
  withAmpleDeadlines(connection, isAmple);
  const client = new Client({ connection, namespace });
  const actors = createActors({ connection, namespace, returnPeriodMs, taskQueue });
  const log = createLog('test', process.env['LOG'] ? 'error' : 'silent');
  const shipped = createParts({ actors, sql: serviceSql, listSql: serviceSql, log, now, keyPatienceMs });
  const parts = { ...shipped, untilRecorded: withAmpleWait(shipped.untilRecorded, isAmpleForBooks) };
  const { metrics } = parts;
  const app = createApp(parts, createKeyring({ sql: serviceSql }));
  const plainSql = connectPlainly(serviceUrl, { name: 'test-desk' });
  const desk = createStaffDesk({ sql: serviceSql, plainSql, secure: false, now });
  app.route('/', createPages({ ...parts, desk, publicUrl: undefined, temporalUiUrl: new URL('http://ui.invalid') }));

  const startWorker = async ({ buildId, cachedWorkflows }: { buildId?: string; cachedWorkflows?: number } = {}) => {
    const workflowBundle = { codePath: inject('bundlePath') };
    const started = await createWorker({
      connection: native,
      namespace,
      sql: serviceSql,
      taskQueue,
      workflowBundle,
      buildId,
      cachedWorkflows,
      ...(around && { around }),
    });
    current = { worker: started, done: started.run() };
  };
  const stopWorker = async () => {
    current?.worker.shutdown();
    await current?.done;
    current = undefined;
  };
  if (worker === 'running') await startWorker();

  const keyOf = async (role: Role, caller = `${role}-1`, ofShop = shopId) => {
    const key = makeKey();
    await addKey(sql, key, caller, role, { shopId: ofShop });
    return key;
  };
  const keys = {
    till: await keyOf('till'),
    manager: await keyOf('manager'),
    finance: await keyOf('finance'),
    admin: await keyOf('admin'),
  };

  const members = new Map<StaffRole, Promise<StaffMember>>();
  /** Somebody of that role, who is named after it, works in this shop alone and is signed in. */
  const staffMember = (staffRole: StaffRole): Promise<StaffMember> => {
    const adding = async () => {
      const password = await addPerson(desk, staffRole, { staffRole, shopIds: [shopId] });
      const cookie = (await enter(desk, staffRole, password)).get('cookie') ?? '';
      return { username: staffRole, password, cookie };
    };
    const member = members.get(staffRole) ?? adding();
    members.set(staffRole, member);
    return member;
  };
  const staffCookie = async (staffRole: StaffRole) => (await staffMember(staffRole)).cookie;

  const request = async <Body = unknown>(
    method: string,
    path: string,
    options: RequestOptions = {},
  ): Promise<Reply<Body>> => {
    const { key = keys.admin, body, headers = {} } = options;
    const response = await app.request(path.startsWith('/v1') || path.startsWith('http') ? path : `/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text.startsWith('{') ? JSON.parse(text) : text) as Body,
    };
  };
  const get = <Body = unknown>(path: string, options?: RequestOptions) => request<Body>('GET', path, options);
  const post = <Body = unknown>(path: string, body: unknown, options: PostOptions = {}) => {
    const { idempotencyKey = randomUUID(), headers, ...rest } = options;
    return request<Body>('POST', path, { ...rest, body, headers: { 'Idempotency-Key': idempotencyKey, ...headers } });
  };
  const issue = async (overrides: Record<string, unknown> = {}): Promise<AccountPaymentView> => {
    const [idempotencyKey, body] = [randomUUID(), { ...aDeposit, ...overrides }];
    const reply = await untilTold(() =>
      post<{ payment: AccountPaymentView }>('/account-payments', body, { idempotencyKey }),
    );
    if (reply.status !== 201) throw new Error(`not issued: ${JSON.stringify(reply.body)}`);
    return reply.body.payment;
  };
  /** Sends a command past the API, once the payment's issue is recorded. */
  const tell = (reference: string, kind: CommandKind, message: Message & Record<string, unknown>): Promise<Answer> =>
    until(async () => {
      const answer = await actors.command(reference, kind, message);
      return answer !== NO_ACTOR && !('code' in answer && answer.code === 'issue_not_recorded') && answer;
    });
  const saleHandle = (saleId: string) => client.workflow.getHandle(saleWorkflowId({ saleShopId: shopId, saleId }));
  const close = async () => {
    await stopWorker();
    await native.close();
    await connection.close();
    await Promise.all([sql, serviceSql, plainSql].map(disconnect));
  };
  return {
    app,
    desk,
    staffMember,
    staffCookie,
    parts,
    actors,
    client,
    sql,
    databaseUrl,
    serviceUrl,
    shopId,
    saleHandle,
    taskQueue,
    keys,
    keyOf,
    metrics,
    request,
    get,
    post,
    issue,
    tell,
    asShipped,
    startWorker,
    stopWorker,
    close,
  };
}

type StaffMember = { readonly username: string; readonly password: string; readonly cookie: string };

/** All files share a namespace, and sales are named after their shop: each has one of its own. */
export async function addShop(sql: Sql, more: Partial<NewShop> = {}): Promise<string> {
  const shopId = `shop-${randomUUID().slice(0, 8)}`;
  const named = { name: shopId, legalEntity: 'Shops Ltd', jurisdiction: null };
  await insertShop(sql, { shopId, ...named, currency: 'EUR', timeZone: 'Europe/Berlin', ...more });
  return shopId;
}

export type ShopOptions = {
  now?: () => number;
  worker?: 'running' | 'none';
  postgresUrl?: string;
  temporalAddress?: string;
  taskQueue?: string;
  returnPeriodMs?: number;
  patience?: Patience;
  /** How long a key waits for Postgres, where it is not the shop's patience. */
  keyPatienceMs?: number;
  namespace?: string;
  around?: (activities: Activities) => Activities;
};

/**
 * A namespace that one shop has to itself. Books that are started again are compared with all that runs in theirs, so a
 * shop with a Postgres of its own needs one.
 */
export async function addNamespace(): Promise<string> {
  const namespace = `test-${randomUUID()}`;
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  await ensureNamespace(connection, namespace);
  await connection.close();
  return namespace;
}

/** A shop whose workers are processes: they listen on the service's own queue, so it gets a namespace to itself. */
export async function openShopOfProcesses(
  postgresUrl = inject('postgresUrl'),
): Promise<{ shop: Shop; env: Record<string, string> }> {
  const namespace = await addNamespace();
  const shop = await openShop({ worker: 'none', taskQueue: TASK_QUEUE, namespace, postgresUrl });
  return {
    shop,
    env: { DATABASE_URL: shop.serviceUrl, TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: namespace },
  };
}

export type PostOptions = RequestOptions & { idempotencyKey?: string };
export type RequestOptions = { key?: string; body?: unknown; headers?: Record<string, string> };

export const aDeposit = {
  customerId: 'C-1',
  type: 'generic',
  purpose: 'deposit',
  amountMinor: 10_000,
  currency: 'EUR',
};

/** Asks again, as a till does, what was not answered in time or was too much at once; under one key. */
export function untilTold<Body>(ask: () => Promise<Reply<Body>>): Promise<Reply<Body>> {
  return until(async () => {
    const reply = await ask();
    return ![429, 503, 504].includes(reply.status) && reply;
  });
}

/**
 * Asks until it is so, less and less often, so that asking does not keep a slow machine from getting there. A condition
 * awaited, with a limit, instead of a guess at how long it takes.
 */
export async function until<T>(ask: () => Promise<T | undefined | false>, patienceMs = 150_000): Promise<T> {
  const giveUpAt = Date.now() + patienceMs;
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 1.3, 500)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > giveUpAt) throw new Error('It did not come to pass.');
    await pause(pauseMs);
  }
}
