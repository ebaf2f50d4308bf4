import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take half a minute and more, the longest first: begun last, they would run alone. */
const LONG = [
  'scripts/start',
  'web/everyPage',
  'web/badInput',
  'workflows/payment/longBaskets',
  'workflows/payment/floods',
  'api/sale/returns',
  'workflows/sale/crashes',
  'workflows/hangs',
  'workflows/sale/settle',
  'workflows/outages',
  'workflows/payment/concurrency',
  'api/gift/cutOff',
  'year',
  'api/everyInput',
  'workflows/temporalOutage',
  'web/tasks',
  'api/sale/sales',
  'scripts/restore',
  'web/sale/return',
  'workflows/payment/signals',
  'api/payment/signalLimit',
  'api/drain',
  'web/texts',
  'web/away',
  'web/payment/acts',
  'backups',
  'service/staff/tries',
  'web/sale/looks',
  'web/till/tillQuick',
  'workflows/payment/cold',
  'api/sale/secondLife',
  'workflows/reconciliation',
  'scripts/closedFolder',
  'web/payment/issueQuick',
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
    // A worker of each shop begins with cold code: to optimise it as soon as Node would took a fifth of their time.
    execArgv: ['--interrupt-budget=1000000'],
    maxWorkers: 3,
    // Our modules keep nothing from one file to the next, and loading them for each takes a third of the whole time.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    testTimeout: 400_000,
    hookTimeout: 400_000,
    reporters: ['default'],
  },
});
