import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take a minute and more, the longest first: begun last, they would run alone. */
const LONG = [
  'workflows/payment/floods',
  'scripts/start',
  'year',
  'web/everyPage',
  'workflows/outages',
  'workflows/sale/crashes',
  'workflows/hangs',
  'workflows/payment/concurrency',
  'workflows/payment/signals',
  'api/drain',
  'workflows/temporalOutage',
  'api/sale/returns',
  'web/tasks',
  'api/everyInput',
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
