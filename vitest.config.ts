import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take a minute and more, the longest first: begun last, they would run alone. */
const LONG = [
  'workflows/payment/floods',
  'scripts/start',
  'web/everyPage',
  'web/badInput',
  'year',
  'workflows/sale/crashes',
  'workflows/outages',
  'workflows/sale/settle',
  'workflows/hangs',
  'api/sale/returns',
  'workflows/payment/signals',
  'workflows/payment/concurrency',
  'api/everyInput',
  'workflows/temporalOutage',
  'scripts/closedFolder',
  'web/away',
  'web/tasks',
  'api/drain',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/globalSetup.ts'],
    pool: 'forks',
    maxWorkers: 3,
    // Our modules keep nothing from one file to the next, and loading them for each takes a third of the whole time.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters: ['default'],
  },
});
