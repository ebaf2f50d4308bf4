import { activityInfo, log, metricMeter } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import { latestHeads, type Close } from '../../db/finance/closes.js';
import { closeMonth, shopsDue, shutDays, writeDayCloses } from '../../db/finance/closing.js';
import { instantOf } from '../../domain/instants.js';
import type { Activities } from '../../workflows/activities.js';
import { notDone } from '../notDone.js';
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
  return {
    async countUnrecorded() {
      return countUnrecordedDecisions({ client, sql }, activityInfo().taskQueue);
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
        const due = await shopsDue(sql, now());
        let closes = 0;
        for (const { legalEntity, shopId, day } of due) {
          await shutDays(sql, legalEntity, shopId, day);
          const written = await writeDayCloses(sql, shopId, { closedBy: BY_ITSELF, unrecordedCount });
          closes += written.length;
          for (const close of written) tell(close);
        }
        return { closes, heads: await latestHeads(sql) };
      } catch (error) {
        throw notDone('not_closed', error);
      }
    },

    async closeMonthInBooks({ legalEntity, month, closedBy }, unrecordedCount) {
      try {
        const closed = await closeMonth(sql, { legalEntity, month }, { closedBy, unrecordedCount });
        if ('code' in closed) return { outcome: 'refused', ...closed };
        tell(closed);
        const { number, position, head } = closed;
        return { outcome: 'closed', number, position, head };
      } catch (error) {
        throw notDone('not_closed', error);
      }
    },
  };
}

/** The log keeps each head as well, outside of the books. */
function tell({ legalEntity, kind, shopId, firstDay, position, head }: Close): void {
  log.info('closed', { legalEntity, kind, shopId, firstDay, position, head });
  metricMeter.createCounter('books_closed', 'Closes of days and months').add(1, { kind });
}
