import {
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
  type GrpcRetryOptions,
} from '@temporalio/client';

/**
 * Comes up, and says that it cannot reach anybody, while Temporal is away. gRPC pauses up to two minutes between its
 * attempts to connect, and half a minute before it looks a name up again: tills wait for that when Temporal is back.
 */
export function openConnection(options: ConnectionOptions): Connection {
  const channelArgs = { ...RECONNECT_SOON, ...options.channelArgs };
  return Connection.lazy({ ...options, channelArgs, interceptors: [makeGrpcRetryInterceptor(RETRY_SOON)] });
}

const RECONNECT_SOON = {
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.dns_min_time_between_resolutions_ms': 1_000,
};

const patient = defaultGrpcRetryOptions();
const prompt = defaultGrpcRetryOptions({ initialIntervalMs: () => 20 });
/** The client takes a payment that is just continuing as new for a busy server, and would wait up to two seconds. */
const RETRY_SOON: GrpcRetryOptions = {
  ...patient,
  delayFunction: (attempt, status) =>
    (status.details.includes('workflow is closing') ? prompt : patient).delayFunction(attempt, status),
};
