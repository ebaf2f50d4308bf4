import type { Reconciling } from '../../domain/reconciliation/reconciled.js';

/** Its schedules, and when they start it: of the hour, and of the day in the shop's time zone. */
export const reconciliationSchedules = [
  { scheduleId: 'reconcile-changed', asked: { scope: 'changed' } satisfies Reconciling, at: { hour: '*', minute: 17 } },
  { scheduleId: 'reconcile-all', asked: { scope: 'all' } satisfies Reconciling, at: { hour: 3, minute: 40 } },
] as const;
