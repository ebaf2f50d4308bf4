import { ApplicationFailure, type QueryDefinition, type UpdateDefinition } from '@temporalio/common';
import { defineQuery, defineUpdate, setHandler } from '@temporalio/workflow';

/**
 * What may be asked of a workflow at any time; nothing changes by it. People ask it as a query. Our programs ask it as
 * an update, which its validator turns down with the answer: of such an update nothing stays in the history. To answer
 * a query, the SDK plays a run that it has not in memory as far as there is history, which may be further than the last
 * task. What the run does then comes before the update that the next task brings, but after it when the two are
 * replayed as one: the run could never go on.
 */
export type Question<Answer, Args extends unknown[] = []> = {
  readonly query: QueryDefinition<Answer, Args>;
  readonly update: UpdateDefinition<Answer, Args>;
};

export function defineQuestion<Answer, Args extends unknown[] = []>(name: string): Question<Answer, Args> {
  return { query: defineQuery<Answer, Args>(name), update: defineUpdate<Answer, Args>(name) };
}

/** Says how a question is answered. @param description what Temporal's UI says of it */
export function answerQuestion<Answer, Args extends unknown[]>(
  { query, update }: Question<Answer, Args>,
  read: (...args: Args) => Answer,
  description: string,
): void {
  setHandler(query, read, { description });
  setHandler<Answer, Args, typeof update>(update, neverTaken, {
    description: `${description}; the answer comes as a refusal`,
    validator: (...args: Args) => {
      const details = [read(...args)];
      throw ApplicationFailure.create({ type: ANSWERED, nonRetryable: true, message: 'The answer is here.', details });
    },
  });
}

/**
 * What somebody who asks is told.
 * @param send sends the question's update, as `asUpdate` says
 * @throws whatever else became of it
 */
export async function answered<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  try {
    await send();
  } catch (failed) {
    const cause = failed instanceof Error ? failed.cause : undefined;
    if (cause instanceof ApplicationFailure && cause.type === ANSWERED) return cause.details?.[0] as Answer;
    throw failed;
  }
  return neverTaken();
}

/** How a question is sent. All who ask the same at once share one update. */
export function asUpdate<Answer, Args extends unknown[]>({ update }: Question<Answer, Args>, args: Args) {
  const updateId = ['asked', update.name, ...args.map((arg) => JSON.stringify(arg))].join(' ');
  // The client's types tell updates without arguments from others.
  return { updateId, args: args as unknown[] as [unknown, ...unknown[]] };
}

const ANSWERED = 'Answered';

function neverTaken(): never {
  throw ApplicationFailure.nonRetryable('A question is not to be accepted.', 'InternalError');
}
