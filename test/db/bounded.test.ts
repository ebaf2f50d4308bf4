import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { askedBy } from '../../db/asker.js';
import { bounded } from '../../db/bounded.js';
import { connect, disconnect, type Sql } from '../../db/connect.js';
import { isRecordsOutage, whileAway } from '../../db/outage.js';
import { openConnections } from '../../service/connections.js';
import { createDatabase } from '../support/database.js';
import { until } from '../support/shop.js';

let url: string;
let sql: Sql;
const opened: Sql[] = [];
beforeAll(async () => void ({ url, sql } = await createDatabase(inject('postgresUrl'))));
afterAll(async () => {
  await Promise.all([sql, ...opened].map(disconnect));
});

type Bounds = Parameters<typeof bounded>[1];

function open(name: string, more: Partial<Bounds> = {}): Sql {
  const bounds: Bounds = { atOnce: 2, waiting: 3, patienceMs: 60_000, whenAskerGoes: 'take_back', ...more };
  const own = connect(url, { name, connections: bounds.atOnce, statementMs: 60_000 });
  opened.push(own);
  return bounded(own, bounds);
}
/** What somebody asks who has nothing to hurry, and whether it came to an end. */
const slowly = (on: Sql) =>
  on`select pg_sleep(50)`.then(
    () => 'answered',
    (error: unknown) => (isRecordsOutage(error) ? 'away' : String(error)),
  );
/** On a slow machine a short patience may be over before Postgres has answered. */
const untilAnswered = (on: Sql) =>
  until(async () => (await on<{ one: number }[]>`select 1 as one`.catch(whileAway([])))[0]?.one === 1);
const atWork = async (name: string) =>
  (await sql`select from pg_stat_activity where application_name = ${name} and state = 'active'`).length;

test('so many are with Postgres and so many wait; whoever comes then is told at once', async () => {
  const on = open('bounds', { patienceMs: 3_000 });
  await untilAnswered(on);
  const asked = Array.from({ length: 5 }, () => slowly(on));
  const first = Promise.race(asked).then(() => 'those who wait');
  const last = Promise.all([slowly(on), slowly(on)]);
  expect(await Promise.race([first, last])).toEqual(['away', 'away']);
  await until(async () => (await atWork('bounds')) === 2);
  expect(await Promise.all(asked)).toEqual(Array<string>(5).fill('away'));
});

test('so many who ask at once wait and are answered, however much each of them asks', async () => {
  const { listSql, close } = openConnections(url);
  try {
    const asked = Array.from({ length: 120 }, () =>
      askedBy(new AbortController().signal, () =>
        Promise.all(Array.from({ length: 10 }, () => listSql`select 1 as one`.then(([row]) => row?.['one'] as number))),
      ),
    );
    expect(new Set((await Promise.all(asked)).flat())).toEqual(new Set([1]));
  } finally {
    await close();
  }
});

test('one who is let in may ask more, and who comes to a full line is told at once', async () => {
  const on = open('places', { patienceMs: 3_000 });
  await untilAnswered(on);
  const askers = Array.from({ length: 6 }, () => new AbortController().signal);
  const told = askers.map((each) => askedBy(each, () => Promise.all([slowly(on), slowly(on)])));
  const first = Promise.race(told.slice(0, 5)).then(() => 'those who wait');
  expect(await Promise.race([first, told[5]])).toEqual(['away', 'away']);
  await until(async () => (await atWork('places')) === 2);
  expect((await Promise.all(told)).flat()).toEqual(Array<string>(12).fill('away'));
  await untilAnswered(on);
});

test('what takes too long is taken back, what waits and what is with Postgres, and the next is answered', async () => {
  const on = open('patience', { patienceMs: 500 });
  expect(await Promise.all(Array.from({ length: 5 }, () => slowly(on)))).toEqual(Array<string>(5).fill('away'));
  await until(async () => (await atWork('patience')) === 0, 30_000);
  await untilAnswered(on);
});

test('what somebody asked is taken back when they go, and nobody else is', async () => {
  const on = open('askers', { atOnce: 3 });
  const [going, staying] = [new AbortController(), new AbortController()];
  const ofGoing = askedBy(going.signal, () => Array.from({ length: 4 }, () => slowly(on)));
  const ofStaying = askedBy(staying.signal, () => on`select pg_sleep(0.1)`.then(() => 'answered'));
  await until(async () => (await atWork('askers')) === 3);
  going.abort();
  expect(await Promise.all(ofGoing)).toEqual(Array<string>(4).fill('away'));
  expect(await ofStaying).toBe('answered');
  await until(async () => (await atWork('askers')) === 0, 30_000);
  expect(await askedBy(going.signal, () => slowly(on))).toBe('away');
});

test('where what is asked goes on, it is carried out whoever waits for it', async () => {
  const on = open('going-on', { whenAskerGoes: 'go_on' });
  const going = new AbortController();
  await sql`create table written (n integer)`;
  const writing = askedBy(going.signal, () => on`insert into written select 1 from pg_sleep(0.3)`.then(() => 'done'));
  going.abort();
  expect(await writing).toBe('done');
  expect(await sql`select n from written`).toEqual([{ n: 1 }]);
});

test('parts of questions, several at once and failures are as without bounds', async () => {
  const on = open('as-ever');
  const conditions = [on`n > ${1}`, on`n < ${4}`];
  const all = conditions.reduce((one, next) => on`${one} and ${next}`);
  const rows = await on<{ n: number }[]>`select n from generate_series(0, 9) as n where ${all} order by n`;
  expect(rows.map(({ n }) => n)).toEqual([2, 3]);
  const many = await Promise.all(Array.from({ length: 5 }, (_, i) => on<{ n: number }[]>`select ${i}::int as n`));
  expect(many.map(([row]) => row?.n)).toEqual([0, 1, 2, 3, 4]);
  await expect(on`select nothing from nowhere`).rejects.toThrow('nowhere');
  await expect(on.begin((tx) => tx`select 1 as one`)).resolves.toEqual([{ one: 1 }]);
});

test('a Postgres that goes while it is asked leaves nothing behind: it is taken back, and asked again when it is there', async () => {
  const gone = bounded(connect('postgres://nobody@127.0.0.1:1/nowhere', { name: 'gone', connections: 2 }), {
    atOnce: 2,
    waiting: 3,
    patienceMs: 100,
    whenAskerGoes: 'take_back',
  });
  opened.push(gone);
  for (let round = 0; round < 3; round++)
    expect(await Promise.all(Array.from({ length: 5 }, () => slowly(gone)))).toEqual(Array<string>(5).fill('away'));
});
