import type { Cure } from '../domain/reconciliation/difference.js';

/** What an operator does about a difference. */
export const whatToDo: Readonly<Record<Cure, (reference: string) => string>> = {
  restore: (reference) =>
    `Its workflow is gone. Reset it to its last completed task, which loses nothing (docs/operators.md); or, where its history has gone, npm run restore -- ${reference}`,
  put_back: (reference) =>
    `The books lost its reservation, or somebody started it by hand: npm run rerecord -- ${reference} brings it back`,
  rerecord: (reference) => `The books lost what they had: npm run rerecord -- ${reference}`,
  restart: (reference) =>
    `The books know more than its workflow, which was reset or put back: terminate it, then npm run restore -- ${reference}`,
  find_out: (reference) =>
    `Find out who wrote there. Put the books right as they were, or, where they are right, terminate the workflow and npm run restore -- ${reference}; then npm run reconcile -- ${reference}, and an admin thaws it.`,
};
