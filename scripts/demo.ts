import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual, styleText } from 'node:util';
import { keyIdOf, makeKey } from '../api/http/keys.js';
import { revokeApiKey } from '../db/apiKeys.js';
import { connect, disconnect } from '../db/connect.js';
import { Failure } from '../runtime/failure.js';
import { runOnce } from '../runtime/runOnce.js';
import { addKey } from './adminKey.js';
import { databaseUrlOf } from './databaseUrl.js';
import { stories, type Stage } from './stories.js';

/** Colours are for people. */
const paint: typeof styleText = (format, text) => (process.stdout.isTTY ? styleText(format, text) : text);

/** Plays the stories against the running service, with keys of its own that are revoked when it is over. */
await runOnce(async (settings) => {
  const sql = connect(await databaseUrlOf(settings), { name: 'account-payments-demo', connections: 1 });
  const keys = { till: makeKey(), manager: makeKey() };
  try {
    for (const role of ['till', 'manager'] as const) await addKey(sql, keys[role], `demo-${role}`, role);
    const stage = stageAt(`http://${settings.host}:${settings.port}/v1`, keys);
    for (const [i, { title, play }] of stories.entries()) {
      console.log(`\n${paint(['bold', 'cyan'], `${i + 1}. ${title}`)}`);
      await play(stage);
    }
    console.log(
      `\nAll four went as told. Each payment, sale and gift is a workflow: http://${settings.host}:${settings.temporalUiPort}`,
    );
  } finally {
    for (const key of Object.values(keys)) await revokeApiKey(sql, keyIdOf(key));
    await disconnect(sql);
  }
});

function stageAt(base: string, keys: Record<'till' | 'manager', string>): Stage {
  return {
    tell: (line) => console.log(`\n  ${line}`),
    shows: (line) => console.log(`  ${paint('inverse', ' till ')} ${paint('green', line)}`),
    is: (answer, told) => {
      if (!holds(answer, told))
        throw new Failure(`That was not told so: ${JSON.stringify(answer)} is not ${JSON.stringify(told)}`);
    },
    ask: async <Answer>(who: 'till' | 'manager', method: string, path: string, body?: object) => {
      const startedAt = performance.now();
      const response = await send(`${base}${path}`, method, keys[who], body);
      const took = `${Math.round(performance.now() - startedAt)} ms`;
      console.log(paint('gray', `    ${who.padEnd(7)} ${method.padEnd(4)} /v1${path} ${response.status}, ${took}`));
      const answer: unknown = await response.json();
      if (!response.ok) throw new Failure(`It answered ${response.status}: ${JSON.stringify(answer)}`);
      return answer as Answer;
    },
  };
}

async function send(url: string, method: string, key: string, body?: object): Promise<Response> {
  const headers = {
    Authorization: `Bearer ${key}`,
    // What comes next reads lists: they have it once it is recorded.
    ...(body && { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID(), Prefer: 'wait=10' }),
  };
  return fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) }).catch(() => {
    throw new Failure(`Nobody answers at ${url}: "npm start" first.`);
  });
}

/** Whether an answer has all that was told of it, and perhaps more; lists are whole. */
function holds(answer: unknown, told: unknown): boolean {
  if (Array.isArray(told))
    return Array.isArray(answer) && answer.length === told.length && told.every((each, i) => holds(answer[i], each));
  if (typeof told !== 'object' || told === null) return isDeepStrictEqual(answer, told);
  return (
    typeof answer === 'object' &&
    answer !== null &&
    Object.entries(told).every(([key, value]) => holds((answer as Record<string, unknown>)[key], value))
  );
}
