// Fetches a server of Temporal's for tests and development: node fetchServer.mjs <development|timeSkipping> <folder>
// The SDK does it when it starts one, inside its own process and with all that this one was told; started and stopped,
// it stays in the folder.
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [kind, downloadDir] = process.argv.slice(2);
const server = { executable: { type: 'cached-download', downloadDir } };
const starting =
  kind === 'timeSkipping'
    ? TestWorkflowEnvironment.createTimeSkipping({ server })
    : TestWorkflowEnvironment.createLocal({ server });
await (await starting).teardown();
