import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { isOurName } from '../../service/hosts.js';
import { isLookingOnly, SIGN_IN, withoutActions } from './rules.js';

export type UiDoor = {
  /** Where the UI itself listens. */
  readonly ui: URL;
  readonly host: string;
  readonly port: number;
  /** By which it is called, beside the machine's own names for itself. */
  readonly names: readonly string[];
  /** Who may look: whoever comes by one of these names, or those alone who may act. */
  readonly looking: 'open' | 'signed_in';
  /** Whether somebody with this key may send commands from the UI. */
  readonly mayAct: (key: string) => Promise<boolean>;
};

/**
 * Stands before Temporal's UI, which answers to any name and asks nobody who they are: another site's name, led to this
 * machine, would let that site's pages move money. Here a request has to name this machine, a change has to come from
 * the UI's own pages, and whoever sends one has to have an admin's key.
 */
export async function openUiDoor(door: UiDoor): Promise<() => Promise<void>> {
  const server = createServer((incoming, answer) => {
    handle(door, incoming, answer).catch(() => say(answer, 502, "Temporal's UI, or Postgres, cannot be reached."));
  });
  server.listen(door.port, door.host);
  await once(server, 'listening');
  return async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
}

async function handle(door: UiDoor, incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { host = '', origin, authorization } = incoming.headers;
  const { method = 'GET', url = '/' } = incoming;
  if (!isOurName(hostnameOf(host), door.names)) return say(answer, 421, 'This door does not answer to that name.');
  const looks = isLookingOnly(method, url);
  if (!looks && origin !== undefined && hostOf(origin) !== host)
    return say(answer, 403, "This does not come from the UI's own pages.");
  const key = keyIn(authorization);
  const standing = key !== undefined && (await door.mayAct(key)) ? 'signed_in' : 'stranger';
  if (standing === 'stranger' && (!looks || url === SIGN_IN || door.looking === 'signed_in')) {
    answer.setHeader('WWW-Authenticate', 'Basic realm="Temporal UI, with an admin key as password"');
    return say(answer, 401, 'An admin key is needed, as the password of whatever name.');
  }
  if (url === SIGN_IN) return void answer.writeHead(303, { Location: '/' }).end();
  await pass(door.ui, incoming, answer, standing);
}

/** What the UI is not told: who signed in here, and the staff's sessions, which a browser sends to every port. */
const NOT_PASSED = ['authorization', 'authorization-extras', 'cookie', 'connection', 'accept-encoding'];
const UIS_COOKIE = /^_csrf=/;

async function pass(
  ui: URL,
  incoming: IncomingMessage,
  answer: ServerResponse,
  standing: 'signed_in' | 'stranger',
): Promise<void> {
  const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !NOT_PASSED.includes(name)));
  const cookie = incoming.headers.cookie?.split('; ').filter((each) => UIS_COOKIE.test(each));
  const asked = request({
    host: ui.hostname,
    port: ui.port,
    method: incoming.method,
    path: incoming.url,
    headers: { ...headers, ...(cookie?.length && { cookie: cookie.join('; ') }) },
  });
  answer.once('close', () => asked.destroy());
  incoming.pipe(asked);
  const [told] = (await once(asked, 'response')) as [IncomingMessage];
  const { statusCode = 502, headers: given } = told;
  if (standing === 'stranger' && incoming.url?.split('?')[0] === SETTINGS && statusCode === 200) {
    const body = withoutActions(await textOf(told));
    const { 'content-length': _, ...rest } = given;
    answer.writeHead(statusCode, rest).end(body);
    return;
  }
  answer.writeHead(statusCode, given);
  told.pipe(answer);
}

const SETTINGS = '/api/v1/settings';

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function hostnameOf(host: string): string {
  return URL.parse(`http://${host}`)?.hostname ?? '';
}

function hostOf(origin: string): string | undefined {
  return URL.parse(origin)?.host;
}

function keyIn(authorization: string | undefined): string | undefined {
  const basic = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined) return undefined;
  const nameAndKey = Buffer.from(basic, 'base64').toString('utf8');
  return nameAndKey.slice(nameAndKey.indexOf(':') + 1);
}

function say(answer: ServerResponse, status: number, sentence: string): void {
  if (answer.headersSent) return void answer.destroy();
  answer.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' });
  answer.end(`${sentence}\n`);
}
