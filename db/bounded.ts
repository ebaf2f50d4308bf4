import type postgres from 'postgres';
import { asker } from './asker.js';
import type { Sql } from './connect.js';
import { RecordsUnavailable } from './outage.js';

type Bounds = {
  /** How many questions are with Postgres at once: as many as there are connections. */
  readonly atOnce: number;
  /** How many more askers may wait for that; whoever comes then is told at once. */
  readonly waiting: number;
  /** How long a question may take from when it is asked, waiting included; then it is taken back. */
  readonly patienceMs: number;
  /** Whether what somebody asked is taken back when they go. */
  readonly whenAskerGoes: 'take_back' | 'go_on';
};

type Question = postgres.PendingQuery<postgres.Row[]>;
type Waiting = { readonly begin: () => void };

/**
 * Connections on which nothing piles up. What waits and nobody wants any more, because it took too long or whoever
 * asked has gone, is never sent to Postgres; what is there already is cancelled. So however much is asked, a moment
 * after the last asker has gone there is nothing left to do. A page asks many things at once: whoever is let in may ask
 * all of them. Transactions are not counted: whoever opens one bounds it.
 */
export function bounded(sql: Sql, bounds: Bounds): Sql {
  const line = createLine(bounds);
  return new Proxy(sql, {
    apply(target, self, args: Parameters<Sql>) {
      const made: unknown = Reflect.apply(target, self, args);
      if (made instanceof Promise)
        hold(made as Question, line, bounds.whenAskerGoes === 'take_back' ? asker() : undefined);
      return made;
    },
  });
}

/** A question is asked when somebody waits for it, and not before: parts of others look the same and never are. */
function hold(question: Question, line: Line, gone: AbortSignal | undefined): void {
  const ask = question.then.bind(question);
  let asked: Promise<Awaited<Question>> | undefined;
  question.then = (whenAnswered, whenFailed) => {
    asked ??= line(
      () => new Promise((answered, failed) => void ask(answered, failed)),
      () => takeBack(question),
      gone,
    );
    return asked.then(whenAnswered, whenFailed);
  };
}

type Line = <T>(ask: () => Promise<T>, takeBack: () => void, gone: AbortSignal | undefined) => Promise<T>;

function createLine({ atOnce, waiting: most, patienceMs }: Bounds): Line {
  const waiting = new Set<Waiting>();
  /** How many questions of each asker are with Postgres or wait; one that nobody known asks stands for itself. */
  const places = new Map<object, number>();
  let asked = 0;

  return <T>(ask: () => Promise<T>, takeBack: () => void, gone: AbortSignal | undefined) =>
    new Promise<T>((answered, failed) => {
      if (gone?.aborted) return failed(new RecordsUnavailable('whoever asked has gone'));
      const turn: Waiting = { begin };
      const whose = gone ?? turn;
      if (!places.has(whose) && places.size >= atOnce + most)
        return failed(new RecordsUnavailable('too many wait for Postgres'));
      places.set(whose, (places.get(whose) ?? 0) + 1);
      const timer = setTimeout(giveUp, patienceMs);
      gone?.addEventListener('abort', giveUp);
      if (asked < atOnce) begin();
      else waiting.add(turn);

      function begin(): void {
        asked += 1;
        ask().then(answered, failed).finally(over);
      }
      function over(): void {
        clearTimeout(timer);
        gone?.removeEventListener('abort', giveUp);
        asked -= 1;
        leave();
        const [next] = waiting;
        if (next && waiting.delete(next)) next.begin();
      }
      function giveUp(): void {
        clearTimeout(timer);
        gone?.removeEventListener('abort', giveUp);
        failed(new RecordsUnavailable('nobody waits for the answer'));
        if (waiting.delete(turn)) leave();
        else takeBack();
      }
      function leave(): void {
        const left = (places.get(whose) ?? 1) - 1;
        if (left === 0) places.delete(whose);
        else places.set(whose, left);
      }
    });
}

/** What the library keeps of a question beside what it shows. */
type Kept = { readonly state: object | null; readonly canceller: ((question: Question) => Promise<void>) | null };

/**
 * `cancel()` itself would let the failure of the connection that it opens end the process, should Postgres be away by
 * then; and of a question that waits for its connection to be opened it would lose that connection. Should another
 * question be on the connection by the time, that one fails as in an outage.
 */
export function takeBack(question: Question): void {
  const { state, canceller } = question as unknown as Kept;
  if (state !== null) canceller?.(question).catch(() => undefined);
}
