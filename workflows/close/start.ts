import { closeWorkflowId, type MonthClosed, type MonthToClose } from '../../domain/finance/closing.js';

export type CloseMonthWorkflow = (wish: MonthToClose) => Promise<MonthClosed>;

/** How the close of a month is started: asked while it is made, it is that one; asked later, it looks again. */
export function startOfCloseMonth(wish: MonthToClose) {
  return {
    workflowId: closeWorkflowId(wish),
    args: [wish] as [MonthToClose],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: `close ${wish.month} of ${wish.legalEntity}`.slice(0, 200),
  } as const;
}

/** The schedule by which days close, and how often it looks whether one is due somewhere. */
export const DAY_CLOSES = {
  scheduleId: 'close-days',
  workflowId: 'close/days',
  type: 'closeDays',
  everyMs: 15 * 60 * 1000,
} as const;
