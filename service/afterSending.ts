import { isAnswerLost, isRecordsOutage } from '../db/outage.js';
import { OutcomeUnknown } from './temporal.js';

/**
 * Asks the books for an answer to what was sent: it may have been carried out, whatever keeps that from being read.
 * @throws OutcomeUnknown in place of an outage of the books
 */
export async function afterSending<Told>(ask: () => Promise<Told>): Promise<Told> {
  try {
    return await ask();
  } catch (error) {
    throw isRecordsOutage(error) ? new OutcomeUnknown('no answer in time', { cause: error }) : error;
  }
}

/**
 * Waits for what is written to the books.
 * @throws OutcomeUnknown when it was sent and its answer was lost
 */
export async function sending<Done>(write: Promise<Done>): Promise<Done> {
  try {
    return await write;
  } catch (error) {
    throw isAnswerLost(error) ? new OutcomeUnknown('no answer in time', { cause: error }) : error;
  }
}
