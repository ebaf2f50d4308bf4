import type { FC } from 'hono/jsx';
import { totalOf } from '../../domain/basket.js';
import { keys } from './keys.js';
import { isChangedSince } from './offers.js';
import type { Sight } from './sight.js';
import type { Shown } from './shown.js';

/** What is left to pay, always in sight, and what becomes of the sale. */
export const Bar: FC<Shown> = ({ reader, shop, sight }) => {
  const { texts, formats } = reader;
  const { till } = texts;
  const { lines, otherMinor } = sight.draft;
  const usedMinor = totalOf(sight.rows);
  const leftMinor = totalOf(lines) - sight.takenMinor - usedMinor - otherMinor;
  const money = (amountMinor: number) => formats.money(amountMinor, shop.currency);
  const parts: [label: string, amountMinor: number][] = [
    [till.total, totalOf(lines)],
    [till.takenBefore, sight.takenMinor],
    [till.fromAccount, usedMinor],
    [till.other, otherMinor],
  ];
  return (
    <section class="till-bar" aria-labelledby="left-to-pay">
      <div>
        <h2 id="left-to-pay">{till.leftToPay}</h2>
        <p class="till-left" aria-live="polite">
          {money(Math.max(0, leftMinor))}
        </p>
        {sight.hold?.until !== undefined && (
          <p class="till-held">{till.reservedUntil(formats.instant(sight.hold.until))}</p>
        )}
        {leftMinor < 0 && <p class="error">{till.tooMuch(money(-leftMinor))}</p>}
      </div>
      <dl class="till-sum">
        {parts
          .filter(([label, amountMinor]) => amountMinor > 0 || label === till.total)
          .map(([label, amountMinor]) => (
            <div>
              <dt>{label}</dt>
              <dd>{money(amountMinor)}</dd>
            </div>
          ))}
      </dl>
      {mayGoOn(sight) && <Commands reader={reader} sight={sight} />}
    </section>
  );
};

const Commands: FC<Pick<Shown, 'reader' | 'sight'>> = ({ reader, sight }) => {
  const { till } = reader.texts;
  const { hold, draft } = sight;
  if (hold === undefined)
    return (
      <div class="till-commands">
        <button name="step" value="complete" accesskey={keys.complete}>
          {till.complete}
        </button>
        <button class="second" name="step" value="hold" accesskey={keys.hold}>
          {till.hold}
        </button>
      </div>
    );
  const isChanged = isChangedSince(hold, draft);
  return (
    <div class="till-commands">
      {isChanged && <p>{till.changed}</p>}
      {!isChanged && (
        <button name="step" value="complete" accesskey={keys.complete}>
          {till.complete}
        </button>
      )}
      <button class={isChanged ? undefined : 'second'} name="step" value="hold" accesskey={keys.hold}>
        {till.holdAgain}
      </button>
      <button class="second" name="step" value="release" accesskey={keys.release}>
        {till.release}
      </button>
    </div>
  );
};

/** Not a sale of this number that is over, under way or another's; nor any while the payments are away. */
function mayGoOn({ sale, anothers, actors }: Sight): boolean {
  if (anothers === 'yes' || actors === 'away') return false;
  switch (sale?.status) {
    case 'completed':
    case 'holding':
    case 'replacing':
    case 'capturing':
    case 'releasing':
      return false;
    case 'held':
    case 'released':
    case 'lapsed':
    case 'refused':
    case undefined:
      return true;
  }
}
