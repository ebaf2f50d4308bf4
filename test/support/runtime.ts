import { DefaultLogger, Runtime } from '@temporalio/worker';

let runtime: Runtime | undefined;

/** One a process, and quiet: files that run in the same process share it. */
export function installRuntime(): void {
  runtime ??= Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
}
