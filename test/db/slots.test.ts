import { expect, test } from 'vitest';
import { isRecordsOutage } from '../../db/outage.js';
import { createSlots, inTurns, together, unlessAway } from '../../db/slots.js';

const failureOf = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );

/** A question that is answered when the test says so. */
function hangs() {
  let answer = (): void => undefined;
  const hanging = new Promise<void>((resolve) => (answer = resolve));
  return { hanging, answer: () => answer() };
}

test('whoever finds all slots taken is told at once, and a slot is free only when what was asked has ended', async () => {
  const ask = createSlots(1);
  const { hanging, answer } = hangs();
  expect(isRecordsOutage(await failureOf(ask(1, () => hanging)))).toBe(true);
  let asked = 0;
  const question = () => Promise.resolve((asked += 1));
  expect(isRecordsOutage(await failureOf(ask(60_000, question)))).toBe(true);
  expect(asked).toBe(0);
  answer();
  await hanging;
  expect(await ask(60_000, question)).toBe(1);
});

test('one who waits in vain finds out for those who come next, for a while', async () => {
  let nowMs = 0;
  const ask = unlessAway(createSlots(9), { awayMs: 1_000, provenByMs: 10, now: () => nowMs });
  const { hanging, answer } = hangs();
  let asked = 0;
  const question = () => Promise.resolve((asked += 1));
  expect(await ask(60_000, question)).toBe(1);
  expect(await failureOf(ask(60_000, () => Promise.reject(new Error('no'))))).toEqual(new Error('no'));
  expect(await ask(60_000, question)).toBe(2);
  expect(isRecordsOutage(await failureOf(ask(9, () => hanging)))).toBe(true);
  expect(await ask(60_000, question)).toBe(3);
  expect(isRecordsOutage(await failureOf(ask(10, () => hanging)))).toBe(true);
  nowMs = 999;
  expect(isRecordsOutage(await failureOf(ask(60_000, question)))).toBe(true);
  nowMs = 1_000;
  expect(await ask(60_000, question)).toBe(4);
  answer();
});

test('that there is no slot tells nothing of Postgres', async () => {
  const ask = unlessAway(createSlots(1), { awayMs: 60_000, provenByMs: 10 });
  const { hanging, answer } = hangs();
  const first = ask(60_000, () => hanging);
  expect(isRecordsOutage(await failureOf(ask(60_000, () => Promise.resolve())))).toBe(true);
  answer();
  await first;
  expect(await ask(60_000, () => Promise.resolve('answered'))).toBe('answered');
});

test('a slot is free again after a failure, which is told as it is', async () => {
  const ask = createSlots(1);
  for (let i = 0; i < 3; i++)
    expect(await failureOf(ask(60_000, () => Promise.reject(new Error('no'))))).toEqual(new Error('no'));
});

test('so many ask at the same time, the next when one has ended, and who gave up by then asks nothing', async () => {
  const ask = inTurns(createSlots(9), 1);
  const { hanging, answer } = hangs();
  const asked: string[] = [];
  const question = (name: string, ends: Promise<void>) => () => {
    asked.push(name);
    return ends;
  };
  const first = ask(60_000, question('first', hanging));
  const impatient = failureOf(ask(1, question('impatient', Promise.resolve())));
  const failing = failureOf(ask(60_000, () => Promise.reject(new Error('no'))));
  const last = ask(60_000, question('last', Promise.resolve()));
  expect(isRecordsOutage(await impatient)).toBe(true);
  expect(asked).toEqual(['first']);
  answer();
  await first;
  expect(await failing).toEqual(new Error('no'));
  await last;
  expect(asked).toEqual(['first', 'last']);
});

test('one who gives up while asking gives the turn on only when what was asked has ended', async () => {
  const ask = inTurns(createSlots(9), 1);
  const { hanging, answer } = hangs();
  let answered = 0;
  const gaveUp = failureOf(ask(1, () => hanging));
  const next = ask(60_000, () => Promise.resolve((answered += 1)));
  expect(isRecordsOutage(await gaveUp)).toBe(true);
  await new Promise((resume) => setImmediate(resume));
  expect(answered).toBe(0);
  answer();
  expect(await next).toBe(1);
});

test('several questions have ended when the last has, even where one has failed', async () => {
  const { hanging, answer } = hangs();
  let ended = false;
  const both = failureOf(together([Promise.reject(new Error('no')), hanging])).finally(() => (ended = true));
  await new Promise((resume) => setImmediate(resume));
  expect(ended).toBe(false);
  answer();
  expect(await both).toEqual(new Error('no'));
});
