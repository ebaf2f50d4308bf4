import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Failure } from '../../runtime/failure.js';
import { runOnce } from '../../runtime/runOnce.js';
import { calls } from './calls.js';
import { costOf, type Cost } from './cost.js';
import { crowd } from './crowd.js';
import { floors } from './floors.js';
import { alternate, type Pace, type Work } from './measure.js';
import { openStand, type Shape, type Stand } from './stand.js';
import { markdown, rounded, summarise } from './summary.js';
import { callersOf } from './till.js';
import { parts } from './usage.js';
import { ratiosOf } from './wanted.js';

const USAGE = 'usage: npm run bench -- [--memory | --cluster] [--quick] [--only <name of a row> ...]';
const RESULTS = 'bench-results.json';
const FULL: Pace = { rounds: 3, seconds: 4, warmUpSeconds: 2 };
const QUICK: Pace = { rounds: 2, seconds: 1, warmUpSeconds: 0.5 };
/** A quick run looks at these with one and with 32 callers too, and at all with eight. */
const AT_ALL_PACES = /^(apply|apply, wait=0|[BC] .*)$/;
/** More than call at a time: a till sends one request after the other, and each has a bound of its own. */
const TILLS = 64;

/** What a user gets, beside what the engine and Postgres take by themselves on the same servers in the same run. */
await runOnce(async (settings) => {
  const { shape, length, only } = options();
  const stand = await openStand(shape, settings);
  try {
    await run(stand, { shape, length, only });
  } finally {
    await stand.stop();
  }
});

type Options = { readonly shape: Shape; readonly length: 'full' | 'quick'; readonly only: readonly string[] };

async function run(stand: Stand, { shape, length, only }: Options): Promise<void> {
  const pace = length === 'quick' ? QUICK : FULL;
  const tills = await callersOf(stand.sql, stand.port, 'till', TILLS);
  // All under one name, as an import comes.
  const importer = await callersOf(stand.sql, stand.port, 'import', 1);
  console.log('Issuing what is paid with ...');
  const all = [...(await calls(tills)), ...(await floors(stand))];
  const works = all
    .filter(({ name }) => only.length === 0 || only.includes(name))
    .map((work) => (length === 'quick' ? atFewerPaces(work) : work));
  const costs = new Map<string, Cost>();
  for (const work of works) costs.set(work.name, await costOf(stand, work));
  const samples = await alternate(stand, works, pace);
  if (only.length === 0)
    samples.push(...(await crowd(stand, tills, importer, pace, length === 'quick' ? 0 : undefined)));

  const lines = summarise(samples, costs);
  const usage = await stand.usage();
  const memoryMiB = Object.fromEntries(parts.map((part) => [part, rounded(usage.memoryMiB(part))]));
  const ratios = ratiosOf(lines);
  const at = new Date().toISOString();
  await writeFile(RESULTS, `${JSON.stringify({ at, shape, length, lines, memoryMiB, ratios }, null, 2)}\n`);
  console.log(`\n${markdown(lines)}\n\nMemory in MiB: ${JSON.stringify(memoryMiB)}. All of it: ${RESULTS}.\n`);
  for (const { name, firstFailure } of lines)
    if (firstFailure !== null) console.log(`Failed: ${name}: ${firstFailure}`);
  for (const { what, ratio, want } of ratios.filter(({ met }) => met === 'yes'))
    console.log(`Met: ${what}: ${ratio}, ${want} wanted`);
  for (const { what, ratio, want } of ratios.filter(({ met }) => met === 'no'))
    console.log(`Falls short: ${what}: ${ratio}, ${want} wanted`);
}

function atFewerPaces(work: Work): Work {
  if (AT_ALL_PACES.test(work.name)) return work;
  return { ...work, callers: work.name === 'settle over three payments' ? [1, 8] : [8] };
}

function options(): Options {
  const names = {
    memory: { type: 'boolean' },
    cluster: { type: 'boolean' },
    quick: { type: 'boolean' },
    only: { type: 'string', multiple: true },
  } as const;
  try {
    const { values } = parseArgs({ args: process.argv.slice(2), options: names });
    const shape = values.memory ? 'memory' : values.cluster ? 'cluster' : 'npm start';
    return { shape, length: values.quick ? 'quick' : 'full', only: values.only ?? [] };
  } catch {
    throw new Failure(USAGE);
  }
}
