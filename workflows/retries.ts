/** For activities that are safe to repeat and have to succeed in the end. */
export const retriedForEver = {
  // Also how long a step waits when the worker that took it was killed.
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
} as const;
