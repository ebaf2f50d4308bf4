import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take half a minute and more, the longest first: begun last, they would run alone. */
const LONG = [
  'scripts/start',
  'workflows/payment/floods',
  'web/everyPage',
  'workflows/sale/crashes',
  'api/sale/returns',
  'year',
  'web/badInput',
  'workflows/payment/longBaskets',
  'workflows/hangs',
  'workflows/outages',
  'workflows/reconciliation',
  'api/gift/cutOff',
  'workflows/temporalOutage',
  'scripts/restore',
  'api/sale/sales',
  'workflows/payment/signals',
  'workflows/payment/concurrency',
  'api/everyInput',
  'workflows/payment/cold',
  'scripts/builtServices',
  'web/tasks',
  'api/drain',
  'workflows/sale/settle',
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
