import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { isRecordsOutage } from '../../../db/outage.js';
import { freePort } from '../../../scripts/servers/ports.js';
import { startPostgres, type PostgresServer } from '../../../scripts/servers/postgres.js';
import { addPerson, enter, openDesk, type OwnDesk } from '../../support/desk.js';
import { signalPostgres } from '../../support/hang.js';
import { until } from '../../support/shop.js';

let clockMs = Date.now();
let postgres: PostgresServer;
let own: OwnDesk;
let restart: () => Promise<void>;
beforeAll(async () => {
  const [folder, port] = [join(inject('folder'), `staff-${randomUUID()}`), await freePort()];
  restart = async () => void (postgres = await startPostgres({ folder, port }));
  await restart();
  own = await openDesk({ now: () => clockMs, postgresUrl: postgres.url });
});
afterAll(async () => {
  await own.close();
  await postgres.stop();
});

const A_MINUTE = 60_000;
const AN_HOUR = 60 * A_MINUTE;
/** Whether it fails as an outage does; anything else is a fault of the test. */
const isOutage = (asked: Promise<unknown>) =>
  asked.then(
    () => false,
    (error: unknown) => {
      if (isRecordsOutage(error)) return true;
      throw error;
    },
  );
/** A connection that was cut may be found out by the first question. */
const isBack = () => until(async () => !(await isOutage(own.desk.list())));

test('a session that was seen goes on while Postgres is away, to its end and not past a sign-out', async () => {
  const password = await addPerson(own.desk, 'anna');
  // Nobody who could not sign in again is signed out, however long nobody was there.
  await own.sql`update shops set idle_lock_minutes = 5`;
  const [staying, leaving] = [await enter(own.desk, 'anna', password), await enter(own.desk, 'anna', password)];
  const [unseen, elsewhere] = [await enter(own.desk, 'anna', password), own.another()];
  for (const headers of [staying, leaving])
    for (const desk of [own.desk, elsewhere]) expect(await desk.sessionOf(headers)).toBeDefined();
  await postgres.stop();
  clockMs += AN_HOUR;
  expect(await own.desk.lockIdle(staying)).toEqual({ outcome: 'in_use' });
  expect(await own.desk.sessionOf(staying)).toMatchObject({ staffId: 'anna', shop: { shopId: 'main' } });
  expect((await own.desk.signOut(leaving)).join()).toContain('staff.session_token=; Max-Age=0');
  expect(await own.desk.sessionOf(leaving)).toBeUndefined();
  // Nobody is let in on trust.
  expect(await isOutage(own.desk.sessionOf(unseen))).toBe(true);
  expect(await isOutage(own.desk.signIn({ username: 'anna', password }))).toBe(true);
  expect(await isOutage(own.desk.sign({ username: 'anna', password }, { shopId: 'main' }))).toBe(true);
  expect(await isOutage(own.desk.changeShop(staying, 'main'))).toBe(true);
  expect(await isOutage(own.another().sessionOf(staying))).toBe(true);
  clockMs += 10 * AN_HOUR;
  expect(await own.desk.sessionOf(staying)).toBeDefined();
  clockMs += 2 * AN_HOUR;
  expect(await isOutage(own.desk.sessionOf(staying))).toBe(true);
  clockMs -= 12 * AN_HOUR;
  expect(await elsewhere.sessionOf(leaving)).toBeDefined();
  await restart();
  await isBack();
  await own.sql`update shops set idle_lock_minutes = null`;
  // Postgres is told of the sign-out by itself, and a minute later it is known elsewhere.
  await until(async () => (await own.sql`select from staff.sessions`).length === 2);
  clockMs += A_MINUTE;
  expect(await elsewhere.sessionOf(leaving)).toBeUndefined();
  expect(await elsewhere.sessionOf(staying)).toBeDefined();
  const [last] = await own.desk.log({ staffId: 'anna', limit: 1 });
  expect(last).toMatchObject({ kind: 'signed_out', doneBy: 'anna' });
});

test('no throng of cookies makes a session look known that has ended elsewhere: neither its own nor invented ones', async () => {
  const password = await addPerson(own.desk, 'finn');
  const elsewhere = own.another();
  for (const throng of ['its own', 'invented']) {
    const [ended, good] = [await enter(own.desk, 'finn', password), await enter(own.desk, 'finn', password)];
    for (const headers of [ended, good]) expect(await elsewhere.sessionOf(headers)).toBeDefined();
    await own.desk.signOut(ended);
    clockMs += A_MINUTE;
    const invent = () => new Headers({ cookie: `staff.session_token=${randomUUID()}` });
    const others = Array.from({ length: 300 }, async () =>
      elsewhere.sessionOf(throng === 'invented' ? invent() : ended).catch(() => undefined),
    );
    expect(await elsewhere.sessionOf(ended)).toBeUndefined();
    expect(await elsewhere.sessionOf(good)).toBeDefined();
    expect((await Promise.all(others)).filter((each) => each !== undefined)).toEqual([]);
  }
});

test('a Postgres that hangs is waited for some seconds, and is there again when it goes on', async () => {
  const password = await addPerson(own.desk, 'bea');
  const headers = await enter(own.desk, 'bea', password);
  await own.desk.sessionOf(headers);
  signalPostgres(postgres, 'SIGSTOP');
  try {
    clockMs += A_MINUTE;
    const startedAt = performance.now();
    expect(await own.desk.sessionOf(headers)).toBeDefined();
    expect(await isOutage(own.desk.signIn({ username: 'bea', password }))).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  } finally {
    signalPostgres(postgres, 'SIGCONT');
  }
  await isBack();
  expect(await own.another().sessionOf(headers)).toBeDefined();
});

test('a connection that is lost while it is asked something is replaced, and the process goes on', async () => {
  const password = await addPerson(own.desk, 'cleo');
  const headers = await enter(own.desk, 'cleo', password);
  const asking = await own.sql.begin(async (tx) => {
    await tx`lock table staff.members in access exclusive mode`;
    const asked = isOutage(own.another().sessionOf(headers));
    await until(async () => {
      const cut = await own.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'test-desk' and wait_event_type = 'Lock'`;
      return cut.length > 0;
    });
    return { asked };
  });
  expect(await asking.asked).toBe(true);
  for (let i = 0; i < 5; i++) expect(await own.another().sessionOf(headers)).toBeDefined();
});
