import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { DefaultLogger, Worker, type InjectedSinks } from '@temporalio/worker';
import { beforeAll, expect, test } from 'vitest';
import { bundleWorkflows } from '../../worker/bundle.js';
import type { SaidSinks } from '../support/capturing.js';
import { installRuntime } from '../support/runtime.js';

const folder = new URL('../histories/', import.meta.url);
const names = (await readdir(folder)).filter((name) => name.endsWith('.history'));
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** What today's code said as each was replayed. */
const told = new Map<string, Replayed>();
let alteredCode: string;
beforeAll(async () => {
  installRuntime();
  const logger = new DefaultLogger('WARN');
  const capturing = { workflowInterceptorModules: [path('../support/capturing.ts')] };
  const { code } = await bundleWorkflows(logger, capturing);
  for (const [i, each] of (await replayed(code, await Promise.all(names.map(historyIn)))).entries())
    told.set(names[i] ?? '', each);
  ({ code: alteredCode } = await bundleWorkflows(logger, {
    ...capturing,
    webpackConfigHook: (config) => {
      const altered = {
        test: /domain[\\/]payment[\\/]decide\.ts$/,
        enforce: 'pre' as const,
        loader: path('../support/alteredRule.mjs'),
      };
      return { ...config, module: { ...config.module, rules: [...(config.module?.rules ?? []), altered] } };
    },
  }));
});

type Said = { readonly to: string; readonly what: unknown }[];
type Replayed = { readonly said: Said; readonly error: unknown };
const NOTHING: Replayed = { said: [], error: 'not replayed' };
type History = proto.temporal.api.history.v1.History;

test('there are histories of a whole life, of several runs of one payment and of one sale, of gifts and of settlements', () => {
  expect(names).toContain('whole-life-1.history');
  for (const run of ['continued-', 'sale-'])
    expect(names.filter((name) => name.startsWith(run)).length, run).toBeGreaterThanOrEqual(2);
  for (const one of ['gift-1.history', 'gift-refused-1.history', 'settled-one-1.history', 'settled-two-1.history'])
    expect(names).toContain(one);
});

test.each(names)("today's code decides as %s did when it was recorded: every answer and every batch", async (name) => {
  const history = await historyIn(name);
  const recorded = saidIn(history);
  expect(recorded.length).toBeGreaterThan(0);
  const { said, error } = told.get(name) ?? {};
  expect(error).toBeUndefined();
  expect(inOrder(said ?? [])).toEqual(inOrder(recorded));
});

test('a changed rule is noticed, though Temporal itself replays what it decides without a complaint', async () => {
  const history = await historyIn('continued-1.history');
  const [{ said, error } = NOTHING] = await replayed(alteredCode, [history]);
  expect(error).toBeUndefined();
  const answers = (all: Said) => all.filter(({ to }) => to.startsWith('update'));
  expect(said.length).toBeGreaterThan(0);
  expect(inOrder(answers(said))).not.toEqual(inOrder(answers(saidIn(history))));
  const batches = (all: Said) => all.filter(({ to }) => to === 'activity record');
  expect(batches(said)).not.toEqual(batches(saidIn(history)));
  expect(JSON.stringify(said)).toContain('insufficient_balance');
});

async function historyIn(name: string): Promise<History> {
  return proto.temporal.api.history.v1.History.decode(await readFile(new URL(name, folder)));
}

/** What was said when it happened, as its history has it. */
function saidIn({ events }: History): Said {
  const ids = new Map<string, string>();
  return events.flatMap((event) => {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) return [{ to: `activity ${scheduled.activityType?.name}`, what: payloadsIn(scheduled.input) }];
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
    if (accepted) ids.set(String(event.eventId), accepted.acceptedRequest?.meta?.updateId ?? '');
    const completed = event.workflowExecutionUpdateCompletedEventAttributes;
    const success = completed?.outcome?.success;
    return success ? [{ to: `update ${completed.meta?.updateId}`, what: payloadsIn(success)[0] }] : [];
  });
}

function payloadsIn(said: proto.temporal.api.common.v1.IPayloads | null | undefined): unknown[] {
  return (said?.payloads ?? []).map(({ data }) => JSON.parse(Buffer.from(data ?? []).toString()) as unknown);
}

/** What this code says to the same messages at the same times: one worker replays one history after another. */
async function replayed(bundle: string, histories: readonly History[]): Promise<Replayed[]> {
  const all: { said: { to: string; what: unknown }[]; error: unknown }[] = [];
  const note = (to: string) => (_: unknown, name: string, what: string) =>
    void all.at(-1)?.said.push({ to: `${to} ${name}`, what: JSON.parse(what) as unknown });
  const sinks: InjectedSinks<SaidSinks> = {
    said: {
      toActivity: { fn: note('activity'), callDuringReplay: true },
      toUpdate: { fn: note('update'), callDuringReplay: true },
    },
  };
  function* inTurn() {
    for (const history of histories) {
      all.push({ said: [], error: 'not replayed' });
      yield { workflowId: 'fake', history };
    }
  }
  for await (const { error } of Worker.runReplayHistories({ workflowBundle: { code: bundle }, sinks }, inTurn())) {
    const last = all.at(-1);
    if (last) last.error = error;
  }
  return all;
}

/** Activities in their order; updates by their ids, for one may be answered while another waits. */
function inOrder(said: Said): Said {
  const isUpdate = ({ to }: Said[number]) => to.startsWith('update');
  return [...said.filter((each) => !isUpdate(each)), ...said.filter(isUpdate).sort((a, b) => (a.to < b.to ? -1 : 1))];
}
