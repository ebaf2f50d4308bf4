import { Context, log, metricMeter } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { seeThatCompared } from '../../db/booksCompared.js';
import type { Sql } from '../../db/connect.js';
import { latestHeads, type Close } from '../../db/finance/closes.js';
import { closeMonth, shopsDue, shutDays, writeDayCloses, type ShopDue } from '../../db/finance/closing.js';
import { instantOf } from '../../domain/instants.js';
import type { Activities } from '../../workflows/activities.js';
import { notDone } from '../notDone.js';
import { startedSince } from '../payment/startedSince.js';
import { countUnrecordedDecisions } from './unrecorded.js';

type ClosingActivities = Pick<Activities, 'areDaysDue' | 'closeDaysInBooks' | 'closeMonthInBooks' | 'countUnrecorded'>;

/** Who closes what closes by itself. */
const BY_ITSELF = 'clock';

/** What closes do in the books. Each is safe to repeat: what is closed already is told as it is. */
export function createClosingActivities({
  sql,
  client,
}: {
  readonly sql: Sql;
  readonly client: Client;
}): ClosingActivities {
  const now = () => instantOf(Date.now());

  const closeDaysOf = async ({ legalEntity, shopId, day }: ShopDue, unrecordedCount: number | null) => {
    await shutDays(sql, legalEntity, shopId, day);
    return writeDayCloses(sql, shopId, { closedBy: BY_ITSELF, unrecordedCount }, tell);
  };

  return {
    async countUnrecorded() {
      const { info, cancellationSignal } = Context.current();
      return beating(() => countUnrecordedDecisions({ client, sql }, info.taskQueue, cancellationSignal));
    },

    async areDaysDue() {
      try {
        return (await shopsDue(sql, now())).length > 0 ? 'due' : 'none';
      } catch (error) {
        throw notDone('not_closed', error);
      }
    },

    async closeDaysInBooks(unrecordedCount) {
      try {
        await seeThatCompared(sql, startedSince(client));
        return await beating(async () => {
          const failures: unknown[] = [];
          let closes = 0;
          for (const due of await shopsDue(sql, now())) {
            try {
              closes += (await closeDaysOf(due, unrecordedCount)).length;
            } catch (error) {
              // One shop that cannot be closed keeps no other one open.
              failures.push(error);
            }
          }
          if (failures.length > 0) throw failures[0];
          return { closes, heads: await latestHeads(sql) };
        });
      } catch (error) {
        throw notDone('not_closed', error);
      }
    },

    async closeMonthInBooks({ closedBy, ...wish }, unrecordedCount) {
      try {
        await seeThatCompared(sql, startedSince(client));
        const closed = await beating(() => closeMonth(sql, wish, { closedBy, unrecordedCount }, tell));
        if ('code' in closed) return { outcome: 'refused', ...closed };
        const { number, position, head } = closed;
        return { outcome: 'closed', number, position, head };
      } catch (error) {
        throw notDone('not_closed', error);
      }
    },
  };
}

const BEAT_MS = 15_000;

/** Lets Temporal know that it is still done, however long Postgres takes for a step. */
async function beating<Done>(work: () => Promise<Done>): Promise<Done> {
  const { heartbeat } = Context.current();
  const beats = setInterval(heartbeat, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beats);
  }
}

/** The log keeps the head of each new close as well, outside of the books. */
function tell({ legalEntity, kind, shopId, firstDay, position, head }: Close): void {
  log.info('closed', { legalEntity, kind, shopId, firstDay, position, head });
  metricMeter.createCounter('books_closed', 'Closes of days and months').add(1, { kind });
}
