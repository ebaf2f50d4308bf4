import type { Child, FC } from 'hono/jsx';
import type { RefusedAfterEnd } from '../../db/payment/refusedAfterEnd.js';
import type { TimelineRow } from '../../db/payment/timeline.js';
import { warningsOf } from '../../domain/law/decision.js';
import type { Shop } from '../../domain/shop.js';
import { lastDayBefore } from '../../domain/instants.js';
import type { PaymentRead } from '../../service/payment/read.js';
import type { Reader } from '../http/reader.js';
import type { Texts } from '../texts/texts.js';
import { inFull, saleHref, whoOf } from './words.js';

export type History = {
  readonly rows: readonly TimelineRow[];
  /** On the newest page alone. */
  readonly refusedAfterEnd: readonly RefusedAfterEnd[];
  /** The oldest one that is shown, when there are older ones. */
  readonly older: number | undefined;
  /** Where it begins when it does not begin with the newest. */
  readonly before: number | undefined;
};

type Telling = { readonly payment: PaymentRead; readonly reader: Reader; readonly shop: Shop };

/** Everything that was asked of a payment and what became of it, refusals too, the newest first. */
export const Timeline: FC<Telling & { history: History; done: string | undefined }> = (shown) => {
  const { history, done, ...telling } = shown;
  const { reference } = telling.payment;
  const t = telling.reader.texts.payment;
  if (history.rows.length === 0) return <p class="empty">{t.noHistory}</p>;
  return (
    <>
      <ol class="timeline">
        {inOrder(history).map((each) =>
          'revision' in each ? (
            <Event row={each} just={each.commandId === done ? 'just' : 'before'} {...telling} />
          ) : (
            <AfterEnd refusal={each} reader={telling.reader} />
          ),
        )}
      </ol>
      {(history.older !== undefined || history.before !== undefined) && (
        <nav class="actions" aria-label={t.historyPages}>
          {history.before !== undefined && <a href={`/account-payments/${reference}#history`}>{t.newest}</a>}
          {history.older !== undefined && (
            <a href={`/account-payments/${reference}?before=${history.older}#history`}>{t.older}</a>
          )}
        </nav>
      )}
    </>
  );
};

/** By when it was; of one moment, what no revision counts came last. */
function inOrder({ rows, refusedAfterEnd }: History): readonly (TimelineRow | RefusedAfterEnd)[] {
  const whenOf = (each: TimelineRow | RefusedAfterEnd) => ('revision' in each ? each.decidedAt : each.refusedAt);
  return [...refusedAfterEnd, ...rows].sort((one, other) => whenOf(other).localeCompare(whenOf(one)));
}

const Event: FC<Telling & { row: TimelineRow; just: 'just' | 'before' }> = ({ row, just, ...telling }) => {
  const { reader, payment } = telling;
  const { texts, formats } = reader;
  const { outcome, decidedAt, amountMinor, balanceBeforeMinor, balanceAfterMinor, reason } = row;
  const money = (minor: number) => formats.money(minor, payment.currency);
  return (
    <li class={[just, outcome === 'accepted' ? 'accepted' : 'refused'].join(' ')}>
      <h3>
        {texts.payment.did[happeningOf(row)]}
        {amountMinor !== null && ' '}
        {amountMinor !== null && <b class="signed">{formats.signedMoney(amountMinor, payment.currency)}</b>}
        {outcome !== 'accepted' && ' '}
        {outcome !== 'accepted' && <span class="badge frozen">{texts.payment.refused}</span>}
      </h3>
      {outcome !== 'accepted' && <p class="why">{texts.refusals[outcome]}</p>}
      {balanceBeforeMinor !== null && balanceAfterMinor !== null && (
        <p>{texts.payment.balanceChanged(money(balanceBeforeMinor), money(balanceAfterMinor))}</p>
      )}
      <Particulars row={row} {...telling} />
      <OfLaw row={row} reader={reader} />
      {reason !== null && (
        <p class="reason" dir="auto">
          {reason}
        </p>
      )}
      <p class="who-when">
        <time datetime={decidedAt}>{formats.instant(decidedAt)}</time>
        {' · '}
        <span dir="auto">{whoOf(row, reader)}</span>
        {' · '}
        <span dir="auto">{row.shopName ?? row.shopId}</span>
      </p>
    </li>
  );
};

/** What the law had to say of it, and why it was done all the same. */
const OfLaw: FC<{ row: TimelineRow; reader: Reader }> = ({ row: { law }, reader: { language, texts } }) => (
  <>
    {warningsOf(law?.rules).map(({ words }) => (
      <p class="why">{texts.payment.againstLaw(words[language])}</p>
    ))}
    {law?.reason !== undefined && (
      <p class="reason" dir="auto">
        {law.reason}
      </p>
    )}
  </>
);

const AfterEnd: FC<{ refusal: RefusedAfterEnd; reader: Reader }> = ({ refusal, reader }) => {
  const { texts, formats } = reader;
  const { code, refusedAt, caller, callerName } = refusal;
  return (
    <li class="before refused">
      <h3>
        {code === 'against_law' ? texts.payment.barred : texts.payment.afterEnd}{' '}
        <span class="badge frozen">{texts.payment.refused}</span>
      </h3>
      <p class="why">{texts.refusals[code]}</p>
      <p class="who-when">
        <time datetime={refusedAt}>{formats.instant(refusedAt)}</time>
        {' · '}
        <span dir="auto">{whoOf({ caller, callerName, staffName: null }, reader)}</span>
      </p>
    </li>
  );
};

/** What a command is called by what it did. */
function happeningOf({ kind, cause, parentKind }: TimelineRow): keyof Texts['payment']['did'] {
  if (parentKind === 'gift' && kind === 'capture') return 'gifted';
  if (kind === 'release' && cause === 'lapsed') return 'lapsed';
  if (kind === 'expire' && cause === 'deadline') return 'ranOut';
  return kind;
}

/** What beside money it was about: the sale, the other payment, how it was paid, what became of the rest. */
const Particulars: FC<Telling & { row: TimelineRow }> = ({ row, payment, reader, shop }) => {
  const { texts, formats } = reader;
  const t = texts.payment;
  const { amountMinor, askedMinor, keptMinor, tender, disposition, cause, kind, counterpart } = row;
  const told: Child[] = [];
  if (row.saleShopId !== null && row.saleId !== null) {
    const sale = { saleShopId: row.saleShopId, saleId: row.saleId };
    told.push(<a href={saleHref(sale, shop)}>{t.sale(inFull(sale, shop))}</a>);
  }
  if (row.parentKind === 'gift' && kind === 'hold') told.push(t.aGift);
  if (counterpart !== null)
    told.push(
      <a class="reference" href={`/account-payments/${counterpart}`}>
        {counterpart}
      </a>,
    );
  if (amountMinor === null && askedMinor !== null && askedMinor > 0)
    told.push(t.asked(formats.money(askedMinor, payment.currency)));
  if (keptMinor > 0) told.push(t.keptFee(formats.money(keptMinor, payment.currency)));
  if (disposition !== null) told.push(t.dispositions[disposition]);
  if (tender !== null) told.push(texts.tenders[tender]);
  if ((kind === 'freeze' || kind === 'thaw') && isFreezeCause(cause, t.frozenCauses)) told.push(t.frozenCauses[cause]);
  if (kind === 'extend') told.push(t.until(dayOf(row, shop, reader)));
  return told.length === 0 ? null : (
    <p>
      {told.map((each, at) => (
        <>
          {at > 0 && ' · '}
          {each}
        </>
      ))}
    </p>
  );
};

function isFreezeCause<Causes extends object>(cause: string | null, causes: Causes): cause is keyof Causes & string {
  return cause !== null && Object.hasOwn(causes, cause);
}

function dayOf({ expiresAt }: TimelineRow, { calendar }: Shop, { texts, formats }: Reader): string {
  return expiresAt === null ? texts.payment.forEver : formats.day(lastDayBefore(expiresAt, calendar));
}
