import { expect, test } from 'vitest';
import { RecordsUnavailable, within } from '../../db/outage.js';
import { afterSending, sending } from '../../service/afterSending.js';
import { OutcomeUnknown } from '../../service/temporal.js';

/** What is said of a write whose answer did not come: that nothing has changed only where that is known. */

const failed = (code: string) => Object.assign(new Error(code), { code });

test.each<[string, () => Promise<never>, 'unknown' | 'as it is']>([
  ['no answer in time', () => within(1, new Promise<never>(() => undefined)), 'unknown'],
  ['a connection that broke', () => Promise.reject(failed('CONNECTION_CLOSED')), 'unknown'],
  ['a reset connection', () => Promise.reject(failed('ECONNRESET')), 'unknown'],
  ['a server that was stopped', () => Promise.reject(failed('57P01')), 'unknown'],
  ['no connection', () => Promise.reject(failed('ECONNREFUSED')), 'as it is'],
  ['a server that starts', () => Promise.reject(failed('57P03')), 'as it is'],
  ['books that are held', () => Promise.reject(new RecordsUnavailable('held')), 'as it is'],
  ['a bug', () => Promise.reject(new Error('bug')), 'as it is'],
])('%s', async (_, write, told) => {
  const error: unknown = await write().catch((each: unknown) => each);
  const outcome: unknown = await sending(Promise.reject(error as Error)).catch((each: unknown) => each);
  if (told === 'unknown') expect(outcome).toBeInstanceOf(OutcomeUnknown);
  else expect(outcome).toBe(error);
});

test('what was sent before may have been done, even where nobody can be asked', async () => {
  await expect(afterSending(() => Promise.reject(failed('ECONNREFUSED')))).rejects.toThrow(OutcomeUnknown);
  await expect(afterSending(() => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
});
