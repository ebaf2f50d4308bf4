import { Failure } from './failure.js';
import { readSettings, type Settings } from './settings.js';

/** A command that does its work and ends; what a person has to see to is one sentence and exit code 1. */
export async function runOnce(work: (settings: Settings) => Promise<void>): Promise<void> {
  try {
    await work(readSettings(process.env));
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error);
    process.exit(1);
  }
}
