import { condition, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';

type FloorActivities = { insertRow(workflow: string, number: number): Promise<void> };

const { insertRow } = proxyActivities<FloorActivities>({ startToCloseTimeout: '10 seconds' });

export const step = defineUpdate<number>('step');

/** The smallest workflow with an update and, after it, one ordinary activity that inserts one row. */
export async function updateAndInsert(name: string): Promise<void> {
  let decided = 0;
  let inserted = 0;
  setHandler(step, () => (decided += 1));
  for (;;) {
    await condition(() => decided > inserted);
    await insertRow(name, (inserted += 1));
  }
}

/** The smallest workflow with an update and nothing else. */
export async function updateOnly(): Promise<void> {
  let decided = 0;
  setHandler(step, () => (decided += 1));
  await condition(() => decided < 0);
}

/** The smallest workflow that begins with one ordinary activity that inserts one row. */
export async function startAndInsert(name: string): Promise<void> {
  await insertRow(name, 1);
}
