/** The queue on which every worker of this service listens. */
export const TASK_QUEUE = 'account-payments';

/** Where payments are compared with the books: apart from where they are served. */
export function reconciliationQueue(taskQueue: string): string {
  return `${taskQueue}-reconciliation`;
}
