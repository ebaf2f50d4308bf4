import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { DEPLOYMENT } from '../worker/createWorker.js';

const PATIENCE_MS = 120_000;

/**
 * Makes a build of the worker the current one: from then on open workflows of older builds, and of workers without a
 * version, go on with it. Waits until a worker of it has polled.
 * @throws Error when none has in two minutes
 */
export async function setCurrentVersion(
  { workflowService }: Connection,
  namespace: string,
  buildId: string,
): Promise<void> {
  const current = { namespace, deploymentName: DEPLOYMENT, buildId, identity: 'account-payments' };
  for (const giveUpAt = Date.now() + PATIENCE_MS; ;) {
    try {
      await workflowService.setWorkerDeploymentCurrentVersion(current);
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await pause(500);
    }
  }
}
