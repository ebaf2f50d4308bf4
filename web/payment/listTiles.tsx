import type { FC } from 'hono/jsx';
import { daysAfter, endOfDay, startOfDay } from '../../domain/instants.js';
import type { Shop } from '../../domain/shop.js';
import type { CurrencyOverview } from '../../db/payment/overview.js';
import type { Reader } from '../http/reader.js';
import { addressOf, type Entry } from './listAddress.js';

const EXPIRING_DAYS = 30;
const ACTIVE: Entry = ['status', 'active'];

/** From which day through which what ends is expiring. */
export type Expiring = { readonly from: string; readonly through: string };

export function expiringAt(nowMs: number, { calendar }: Pick<Shop, 'calendar'>): Expiring {
  const today = calendar.dayAt(nowMs);
  return { from: today, through: daysAfter(today, EXPIRING_DAYS) };
}

/** The same as the filter of a list has it, so that a tile counts what its list shows. */
export function edgesOf({ from, through }: Expiring, { calendar }: Pick<Shop, 'calendar'>) {
  return { after: startOfDay(from, calendar) ?? from, by: endOfDay(through, calendar) ?? through };
}

type TilesProps = {
  readonly reader: Reader;
  readonly overview: readonly CurrencyOverview[];
  readonly expiring: Expiring;
  readonly shop: Pick<Shop, 'currency'>;
};

/** The active payments at a glance, each figure with a way to the list of just those. */
export const Tiles: FC<TilesProps> = ({ reader, overview, expiring, shop }) => {
  const { texts, formats } = reader;
  const { tiles } = texts.list;
  const none = { currency: shop.currency, outstandingMinor: 0, availableMinor: 0 };
  const count = (key: 'active' | 'held' | 'frozen' | 'expiring') =>
    formats.number(overview.reduce((sum, each) => sum + each[key], 0));
  return (
    <ul class="tiles" aria-label={tiles.label}>
      {(overview.length === 0 ? [none] : overview).map(({ currency, outstandingMinor, availableMinor }) => (
        <Tile
          entries={[ACTIVE, ['currency', currency]]}
          figure={formats.money(outstandingMinor, currency)}
          says={[tiles.outstanding(currency), tiles.available(formats.money(availableMinor, currency))]}
        />
      ))}
      <Tile entries={[ACTIVE]} figure={count('active')} says={[tiles.active]} />
      <Tile entries={[ACTIVE, ['only', 'held']]} figure={count('held')} says={[tiles.held]} />
      <Tile
        entries={[ACTIVE, ['validFrom', expiring.from], ['validThrough', expiring.through]]}
        figure={count('expiring')}
        says={[tiles.expiring]}
      />
      <Tile entries={[ACTIVE, ['only', 'frozen']]} figure={count('frozen')} says={[tiles.frozen]} />
    </ul>
  );
};

const Tile: FC<{ entries: Entry[]; figure: string; says: string[] }> = ({ entries, figure, says }) => (
  <li>
    <a class="tile" href={addressOf(entries)}>
      <b>{figure}</b>
      {says.map((each) => (
        <span>{each}</span>
      ))}
    </a>
  </li>
);
