import { proxySinks, type Sinks, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** What a workflow said while it was replayed: to its activities, and to whoever sent it an update. */
export interface SaidSinks extends Sinks {
  said: {
    toActivity(type: string, args: string): void;
    toUpdate(id: string, answer: string): void;
  };
}

const { said } = proxySinks<SaidSinks>();

/** Looks on, and changes nothing of what happens when. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity(input, next) {
        said.toActivity(input.activityType, JSON.stringify(input.args));
        return next(input);
      },
    },
  ],
  inbound: [
    {
      handleUpdate(input, next) {
        const answer = next(input);
        answer.then(
          (value) => said.toUpdate(input.updateId, JSON.stringify(value)),
          () => undefined,
        );
        return answer;
      },
    },
  ],
});
