import { pino, type Logger } from 'pino';
import type { Settings } from './settings.js';

/** One JSON line an event. Whoever logs sees to it that no key, amount, note or name is in it. */
export function createLog(name: string, level: Settings['logLevel']): Logger {
  return pino({ name, level, base: { name }, timestamp: pino.stdTimeFunctions.isoTime });
}
