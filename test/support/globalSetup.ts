import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EphemeralServerExecutable } from '@temporalio/testing';
import type { TestProject } from 'vitest/node';
import { findServices } from '../../scripts/servers/builtServices.js';
import { findChromium } from '../../scripts/servers/chromium.js';
import { freePort } from '../../scripts/servers/ports.js';
import { temporaryFolder } from '../../scripts/servers/ownFolder.js';
import { startPostgres } from '../../scripts/servers/postgres.js';
import { postgresUser } from '../../scripts/servers/postgresHome.js';
import { findTemporalCli, startTemporal } from '../../scripts/servers/temporal.js';
import { findTimeSkippingServer } from '../../scripts/servers/timeSkipping.js';
import { createTemplate } from './database.js';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
    templateDatabase: string;
    temporalAddress: string;
    timeSkippingServer: EphemeralServerExecutable;
    chromium: string;
    temporalCli: string;
    bundlePath: string;
    builtFolder: string;
    folder: string;
  }
}

/** Lets tests of sales cross a continuation many times; production keeps Temporal's 4,096 events for them. */
const EVENTS_BEFORE_CONTINUE_AS_NEW = '1500';

/** Nothing of it outlives the run, so it need not wait for the disk; a Postgres that a test kills does. */
const GONE_WITH_THE_RUN = ['fsync=off', 'full_page_writes=off'];

/** One Postgres, one development server and one bundle for the whole run; they live and die with it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const say = (line: string) => console.log(line);
  const folder = await temporaryFolder('account-payments', await postgresUser());
  const [cli, timeSkippingServer, chromium] = [
    await findTemporalCli(process.env['TEMPORAL_CLI'], say),
    await findTimeSkippingServer(say),
    await findChromium(process.env['CHROMIUM'], say),
  ];
  const [postgres, temporal, builtFolder] = await Promise.all([
    startPostgres({ folder: join(folder, 'postgres'), port: await freePort(), settings: GONE_WITH_THE_RUN }),
    startTemporal({
      cli,
      namespace: 'default',
      port: await freePort(),
      log: join(folder, 'temporal.log'),
      dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': EVENTS_BEFORE_CONTINUE_AS_NEW },
    }),
    findServices(folder),
  ]);
  project.provide('postgresUrl', postgres.url);
  project.provide('templateDatabase', await createTemplate(postgres.url));
  project.provide('temporalAddress', temporal.address);
  project.provide('timeSkippingServer', timeSkippingServer);
  project.provide('chromium', chromium);
  project.provide('temporalCli', cli);
  project.provide('builtFolder', builtFolder);
  project.provide('bundlePath', join(builtFolder, 'workflow-bundle.js'));
  project.provide('folder', folder);
  return async () => {
    await Promise.all([temporal.stop(), postgres.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
}
