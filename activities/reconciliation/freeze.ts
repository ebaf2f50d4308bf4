import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { derivedId } from '../../domain/payment/command.js';
import type { Answer } from '../../domain/payment/handle.js';

const PATIENCE_MS = 10_000;

/** As whom the comparison speaks; no key can. */
const CALLER = 'books';

/**
 * Lets nothing more be spent of a payment that differs. Frozen before, it stays so; told again, it is frozen once.
 * @returns whether it is frozen: without its workflow it cannot be, and while nobody answers it is told the next time
 */
export async function freezeForDifference(
  client: Client,
  reference: string,
  differenceId: number,
): Promise<'frozen' | 'not frozen'> {
  const commandId = derivedId('reconciliation', reference, String(differenceId));
  const message = {
    commandId,
    by: { caller: CALLER },
    // What stands for no request is taken for an operator's word.
    requestHash: commandId.slice(0, 22),
    cause: 'reconciliation',
    reason: `difference ${differenceId}`,
  };
  try {
    const answer = await client.withDeadline(Date.now() + PATIENCE_MS, () =>
      client.workflow.getHandle(reference).executeUpdate<Answer, [typeof message]>('freeze', { args: [message] }),
    );
    return answer.payment.frozenCauses.includes('reconciliation') ? 'frozen' : 'not frozen';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || isUnanswered(error)) return 'not frozen';
    throw error;
  }
}

function isUnanswered(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(error) || isGrpcServiceError(cause);
}
