import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { answered, asUpdate, type Question } from '../workflows/questions.js';

/**
 * What a workflow says of itself, and one that has ended as long as its history is there.
 * @throws WorkflowNotFoundError when there is none any more
 */
export async function askActor<Answer, Args extends unknown[]>(
  client: Client,
  workflowId: string,
  question: Question<Answer, Args>,
  ...args: Args
): Promise<Answer> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await answered(() => handle.executeUpdate(question.update.name, asUpdate(question, args)));
  } catch (error) {
    // Nothing more can come to it, so here a query does no harm.
    if (error instanceof WorkflowNotFoundError) return handle.query<Answer, Args>(question.query, ...args);
    throw error;
  }
}
