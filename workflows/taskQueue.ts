/** The queue on which every worker of this service listens. */
export const TASK_QUEUE = 'account-payments';
