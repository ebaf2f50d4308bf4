/** A loader that refuses every apply, as the first rung of a changed rule would. */
export default function refuseEveryApply(source) {
  const rung = 'function firstRefusal(state: Decided, command: Command, nowMs: number): RefusalCode | undefined {';
  if (!source.includes(rung)) throw new Error('the ladder of rungs is not where it was');
  return source.replace(rung, `${rung}\n  if (command.kind === 'apply') return 'insufficient_balance';`);
}
