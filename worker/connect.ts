import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';

/** Worker and server stand side by side, where a message takes longer to compress, and to read, than to send. */
export function connectWorker(options: NativeConnectionOptions): Promise<NativeConnection> {
  return NativeConnection.connect({ ...options, grpcCompression: { codec: 'none' } });
}
