/** Does `work` for 0 to `count` - 1 with so many callers at a time; the results come in order. */
export async function inParallel<T>(callers: number, count: number, work: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const caller = async () => {
    for (let i = next++; i < count; i = next++) results[i] = await work(i);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return results;
}
