/**
 * The SDK takes the stack of every promise that a workflow makes, in case somebody opens the UI's page "Call Stack",
 * and looks each line of it up in the source map: that was nearly half of the time of the workflows' thread. What that
 * page would tell of a payment its details tell better.
 */
Error.stackTraceLimit = 0;

export {};
