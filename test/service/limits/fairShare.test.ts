import { expect, test } from 'vitest';
import { createFairShare } from '../../../service/limits/fairShare.js';
import { createFruitless } from '../../../service/limits/fruitless.js';

/** A share whose callers' work is ended by hand, one piece after the other. */
function open({ waiting = 100, patienceMs = 60_000, ...more }: Partial<Parameters<typeof createFairShare>[0]> = {}) {
  let nowMs = 0;
  const share = createFairShare({ alone: 8, inCompany: 2, waiting, patienceMs, now: () => nowMs, ...more });
  const atWork: { caller: string; end: () => void }[] = [];
  const come = (caller: string) =>
    share.inTurn(caller, () => new Promise<string>((tell) => atWork.push({ caller, end: () => tell(caller) })));
  const working = (caller: string) => atWork.filter((each) => each.caller === caller).length;
  const endOne = async (caller: string) => {
    const [ending] = atWork.splice(
      atWork.findIndex((each) => each.caller === caller),
      1,
    );
    ending?.end();
    await settled();
  };
  return { share, come, working, endOne, pass: (ms: number) => (nowMs += ms) };
}
const settled = () => new Promise((resume) => setImmediate(resume));

test('who is alone has all there is; as soon as another comes, a small share, until that one is gone', async () => {
  const { come, working, endOne, pass } = open();
  const all = Array.from({ length: 64 }, () => come('flood'));
  await settled();
  expect(working('flood')).toBe(8);
  const till = come('till');
  await settled();
  expect(working('till')).toBe(1);
  for (let i = 0; i < 6; i++) await endOne('flood');
  expect(working('flood')).toBe(2);
  pass(60_000);
  await endOne('flood');
  expect(working('flood'), 'beside one that is at work, however long').toBe(2);
  const next = come('till');
  await settled();
  for (const each of [till, next]) {
    await endOne('till');
    expect(await each).toBe('till');
  }
  pass(4_999);
  await endOne('flood');
  expect(working('flood')).toBe(2);
  pass(1);
  await endOne('flood');
  expect(working('flood')).toBe(8);
  while (working('flood') > 0) await endOne('flood');
  expect(new Set(await Promise.all(all))).toEqual(new Set(['flood']));
});

test('a caller waits behind nobody but itself, however many others wait', async () => {
  const { come, working } = open();
  const callers = Array.from({ length: 20 }, (_, i) => `till-${i}`);
  for (let round = 0; round < 5; round++) for (const caller of callers) void come(caller);
  await settled();
  expect(callers.map(working)).toEqual(Array<number>(20).fill(2));
});

test('past what may wait, and past the time that one waits, nothing is done and it is said', async () => {
  const { come, working, endOne } = open({ waiting: 3, patienceMs: 50 });
  const all = Array.from({ length: 12 }, () => come('flood'));
  expect(await Promise.all(all.slice(8))).toEqual(Array<string>(4).fill('too_many'));
  expect(working('flood')).toBe(8);
  const next = come('flood');
  await endOne('flood');
  expect(working('flood')).toBe(8);
  while (working('flood') > 0) await endOne('flood');
  expect(await next).toBe('flood');
});

test('who only waits lets the next of the same caller work, and counts once when it is over', async () => {
  const { share, come, working, endOne } = open();
  void come('other');
  let told: ((recorded: boolean) => void) | undefined;
  const waiting = share.resting(() => new Promise<boolean>((tell) => (told = tell)));
  const resting = share.inTurn('till', () => waiting());
  const second = come('till');
  const third = come('till');
  await settled();
  expect(working('till')).toBe(1);
  await expect.poll(() => working('till'), { timeout: 60_000 }).toBe(2);
  told?.(true);
  expect(await resting).toBe(true);
  const fourth = come('till');
  await settled();
  expect(working('till')).toBe(2);
  for (let i = 0; i < 3; i++) await endOne('till');
  expect(await Promise.all([second, third, fourth])).toEqual(Array<string>(3).fill('till'));
});

test('work that fails gives its turn back', async () => {
  const { share, come, working, endOne } = open();
  void come('other');
  for (let i = 0; i < 10; i++)
    await expect(share.inTurn('till', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const last = come('till');
  await settled();
  expect(working('till')).toBe(1);
  await endOne('till');
  expect(await last).toBe('till');
});

test('beside others a caller has what they leave of what is well done at once, and gives it back as they come', async () => {
  const { come, working, endOne } = open({ together: 6 });
  void come('till-1');
  const shop = Array.from({ length: 20 }, () => come('web-shop'));
  await settled();
  expect(working('web-shop')).toBe(5);
  for (const till of ['till-2', 'till-3', 'till-4', 'till-5']) void come(till);
  await settled();
  expect(['till-2', 'till-3', 'till-4', 'till-5'].map(working), 'at once').toEqual([1, 1, 1, 1]);
  for (let i = 0; i < 6; i++) await endOne('web-shop');
  expect(working('web-shop'), 'never less than its own').toBe(2);
  for (const till of ['till-1', 'till-2', 'till-3']) await endOne(till);
  expect(working('web-shop'), 'what tills gave back').toBe(4);
  while (working('web-shop') > 0) await endOne('web-shop');
  expect(new Set(await Promise.all(shop))).toEqual(new Set(['web-shop']));
});

test('what is given back goes to who has least', async () => {
  const { come, working, endOne } = open({ together: 5 });
  void come('till');
  for (let i = 0; i < 10; i++) void come('big');
  for (let i = 0; i < 10; i++) void come('bigger');
  await settled();
  expect([working('big'), working('bigger')]).toEqual([4, 2]);
  await endOne('big');
  expect([working('big'), working('bigger')], 'no more than fit').toEqual([3, 2]);
  await endOne('big');
  await endOne('big');
  expect([working('big'), working('bigger')]).toEqual([2, 2]);
  await endOne('till');
  expect(working('big') + working('bigger')).toBe(5);
});

test('who asks for what comes to nothing has one at work beside others, and all there is while it is alone', async () => {
  const fruitless = createFruitless(2);
  const { come, working, endOne } = open({ together: 6, isFruitless: fruitless.isFruitless });
  fruitless.note('flood', 'refused');
  fruitless.note('flood', 'refused');
  for (let i = 0; i < 20; i++) void come('flood');
  await settled();
  expect(working('flood')).toBe(8);
  void come('till');
  void come('till');
  await settled();
  expect(working('till')).toBe(2);
  for (let i = 0; i < 7; i++) await endOne('flood');
  expect(working('flood')).toBe(1);
  await endOne('flood');
  expect(working('flood'), 'it goes on').toBe(1);
  fruitless.note('flood', 'done');
  await endOne('flood');
  expect(working('flood'), 'what the others leave').toBe(4);
});

test("what is done makes up for two refusals, and those of one caller are no other one's", () => {
  const { note, isFruitless } = createFruitless(4);
  const hear = (...outcomes: ('refused' | 'done')[]) => outcomes.forEach((outcome) => note('till', outcome));
  hear('refused', 'refused', 'refused', 'done', 'refused', 'refused');
  expect(isFruitless('till')).toBe(false);
  note('other', 'refused');
  expect(isFruitless('till')).toBe(false);
  hear('refused');
  expect([isFruitless('till'), isFruitless('other')]).toEqual([true, false]);
  // However many there were, the first that is done is heard.
  hear(...Array<'refused'>(100).fill('refused'), 'done');
  expect(isFruitless('till')).toBe(false);
  // One among many refusals hides nothing.
  hear('refused', 'refused');
  expect(isFruitless('till')).toBe(true);
});

test('a turn that is kept is over with what it is kept for, however that ends', async () => {
  const { share, come, working } = open({ alone: 1 });
  let reject: (why: Error) => void = () => undefined;
  const promise = new Promise<void>((_, fail) => (reject = fail));
  const issued = share.inTurn('import', () => {
    share.keep(() => promise);
    return Promise.resolve('answered');
  });
  void come('import');
  expect(await issued).toBe('answered');
  await settled();
  expect(working('import')).toBe(0);
  reject(new Error('not recorded'));
  await settled();
  expect(working('import')).toBe(1);
});

test('whether others are here may be told by who comes elsewhere', async () => {
  const everything = open();
  const issues = open({ inCompany: 1, isInCompany: everything.share.isInCompany });
  for (let i = 0; i < 4; i++) void issues.come('import');
  await settled();
  expect(issues.working('import')).toBe(4);
  void everything.come('till');
  for (let i = 0; i < 4; i++) await issues.endOne('import');
  for (let i = 0; i < 4; i++) void issues.come('import');
  await settled();
  expect(issues.working('import')).toBe(1);
});

test('a turn is kept for what it leaves behind where others are here and more of its caller waits, and only there', async () => {
  const { share, come, working, endOne } = open({ alone: 1, inCompany: 1 });
  const leaves: (() => void)[] = [];
  const leaving = (caller: string) =>
    share.inTurn(caller, () => {
      share.keepBesideOthers(() => new Promise<void>((tell) => leaves.push(tell)));
      return Promise.resolve(caller);
    });
  const alone = [leaving('flood'), leaving('flood'), come('flood')];
  expect(await Promise.all(alone.slice(0, 2))).toEqual(['flood', 'flood']);
  expect([leaves.length, working('flood')], 'alone').toEqual([0, 1]);
  await endOne('flood');
  void come('other');
  const last = leaving('till');
  expect(await last).toBe('till');
  const [first, next] = [leaving('till'), come('till')];
  expect(await first, 'it is answered at once').toBe('till');
  await settled();
  expect([leaves.length, working('till')], 'beside another').toEqual([1, 0]);
  leaves[0]?.();
  await settled();
  expect(working('till')).toBe(1);
  await endOne('till');
  expect(await next).toBe('till');
});
