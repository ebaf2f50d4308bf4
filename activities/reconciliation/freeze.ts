import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { derivedId } from '../../domain/payment/command.js';
import type { Answer } from '../../domain/payment/handle.js';

const PATIENCE_MS = 10_000;

/** As whom the comparison speaks; no key can. */
const CALLER = 'books';

export type OnFailure = (reference: string, error: unknown) => void;

/**
 * Lets nothing more be spent of a payment that differs. Frozen before, it stays so; told again, it is frozen once.
 * @param onFailure told of one that could not be asked or refused to hear: the next comparison tells it again
 * @returns whether it is frozen: without its workflow it cannot be
 */
export async function freezeForDifference(
  client: Client,
  reference: string,
  differenceId: number,
  onFailure?: OnFailure,
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
    if (!(error instanceof WorkflowNotFoundError)) onFailure?.(reference, error);
    return 'not frozen';
  }
}
