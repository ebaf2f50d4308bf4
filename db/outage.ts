/** Postgres did not answer in the time that a caller can wait. */
export class RecordsUnavailable extends Error {
  override readonly name = 'RecordsUnavailable';
}

/** It was asked, and did not answer in time. */
class NoAnswer extends RecordsUnavailable {}

/**
 * Waits for Postgres only so long: a server that hangs must not hang the till. An answer counts that has come in time,
 * though this process was too busy to look at it: before it gives up it looks once more.
 * @throws RecordsUnavailable when it takes longer, and whatever `asked` throws
 */
export async function within<T>(patienceMs: number, asked: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new NoAnswer('Postgres did not answer in time'));
    timer = setTimeout(() => setImmediate(giveUp), patienceMs);
  });
  try {
    return await Promise.race([asked, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether Postgres is away, starting, stopping or being put back, rather than refusing what was asked. */
export function isRecordsOutage(error: unknown): boolean {
  if (error instanceof RecordsUnavailable) return true;
  if (!(error instanceof Error) || !('code' in error)) return false;
  // Classes 08 (connection), 53 (resources), 57 (operator intervention) and 58 (system) of PostgreSQL's appendix A. One
  // that recovers from a backup takes no writes (25006), and while one is loaded there may be no database (3D000).
  return /^(E[A-Z]+|EAI_[A-Z]+|CONNECT.*|(08|53|57|58)\w{3}|25006|3D000)$/.test(String(error.code));
}

/** To catch with: `asked.catch(whileAway([]))` goes on with that then; every other error is thrown on. */
export function whileAway<const Instead>(instead: Instead): (error: unknown) => Instead {
  return (error) => {
    if (isRecordsOutage(error)) return instead;
    throw error;
  };
}

/** Whether something was sent to Postgres and its answer was lost: it may have been done. */
export function isAnswerLost(error: unknown): boolean {
  if (error instanceof NoAnswer) return true;
  if (!(error instanceof Error) || !('code' in error)) return false;
  return /^(CONNECTION_.*|ECONNRESET|EPIPE|ETIMEDOUT|08\w{3}|57P0[12])$/.test(String(error.code));
}

/** Whether Postgres cannot hold a value that it was given (class 22): who sent it sent something malformed. */
export function isValueRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^22\w{3}$/.test(String(error.code));
}

/** What happened, without any of the data: Postgres' own messages quote the row. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  const constraint = 'constraint_name' in error ? ` ${String(error.constraint_name)}` : '';
  return `${error.name}${code}${constraint}`;
}
