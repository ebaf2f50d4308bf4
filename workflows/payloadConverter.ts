import { defaultPayloadConverter, type PayloadConverter } from '@temporalio/workflow';

/**
 * Temporal's own converter, except that a payload it cannot read becomes a value that no message accepts. Thrown from
 * here, the error would fail the workflow task for ever, and one unreadable signal would stall a payment.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload: <T>(payload: Parameters<PayloadConverter['fromPayload']>[0]): T => {
    try {
      return defaultPayloadConverter.fromPayload(payload);
    } catch {
      return 'unreadable payload' as T;
    }
  },
};
