import type { Child, FC } from 'hono/jsx';
import type { FrozenPayment, LostSignal, UngivenGift, UnsettledSale } from '../../db/attention/waiting.js';
import { freezeCauses } from '../../domain/payment/command.js';
import type { Reader } from '../http/reader.js';

type OfKind = { readonly title: string; readonly children?: Child };

export const Kind: FC<OfKind> = ({ title, children }) => (
  <section class="waiting">
    <h2>{title}</h2>
    {children}
  </section>
);

export const WhatToDo: FC<{ reader: Reader; children?: Child }> = ({ reader, children }) => (
  <p class="notice amber">
    <strong>{reader.texts.attention.what}</strong> {children}
  </p>
);

export const Reference: FC<{ reference: string }> = ({ reference }) => (
  <a class="reference" href={`/account-payments/${reference}`}>
    {reference}
  </a>
);

export const Sale: FC<{ reader: Reader; saleShopId: string; saleId: string }> = ({ reader, saleShopId, saleId }) => (
  <a href={`/sales/${encodeURIComponent(saleId)}?${new URLSearchParams({ shop: saleShopId }).toString()}`}>
    {reader.texts.sale.titleOf(saleId)}
  </a>
);

/** Says that a person has settled it. Said again it is the same: the names of the fields say which. */
const Settle: FC<{ reader: Reader; named: string; fields: Readonly<Record<string, string>> }> = (props) => {
  const { attention } = props.reader.texts;
  return (
    <form method="post" action="/attention">
      {Object.entries(props.fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button class="quiet" aria-label={attention.settleWhich(props.named)}>
        {attention.settle}
      </button>
    </form>
  );
};

const Customer: FC<{ customerId: string; name: string | null }> = ({ customerId, name }) => (
  <a href={`/customers/${encodeURIComponent(customerId)}`} dir="auto">
    {name ?? customerId}
  </a>
);

export const Missing: FC<{ reader: Reader; missing: readonly string[] }> = ({ reader, missing }) => {
  const words = reader.texts.attention.missing;
  if (missing.length === 0) return null;
  return (
    <Kind title={words.title}>
      <WhatToDo reader={reader}>{words.what}</WhatToDo>
      <ul>
        {missing.map((reference) => (
          <li>
            <Reference reference={reference} />
          </li>
        ))}
      </ul>
    </Kind>
  );
};

/** By why they are frozen: each cause is thawed by itself. */
export const Frozen: FC<{ reader: Reader; frozen: readonly FrozenPayment[] }> = ({ reader, frozen }) => {
  const { texts, formats } = reader;
  const words = texts.attention.frozen;
  if (frozen.length === 0) return null;
  return (
    <Kind title={words.title}>
      {freezeCauses.map((cause) => {
        const ofCause = frozen.filter((each) => each.cause === cause);
        if (ofCause.length === 0) return null;
        return (
          <>
            <WhatToDo reader={reader}>{words[cause]}</WhatToDo>
            <ul>
              {ofCause.map(({ reference, customerId, customerName, balanceMinor, currency, frozenAt, reason }) => (
                <li>
                  <Reference reference={reference} /> <Customer customerId={customerId} name={customerName} />
                  <small>
                    {words.balance(formats.money(balanceMinor, currency))}
                    {frozenAt !== null && `, ${words.since(formats.instant(frozenAt))}`}
                  </small>
                  {reason !== null && <q dir="auto">{reason}</q>}
                </li>
              ))}
            </ul>
          </>
        );
      })}
    </Kind>
  );
};

export const Gifts: FC<{ reader: Reader; gifts: readonly UngivenGift[] }> = ({ reader, gifts }) => {
  const words = reader.texts.attention.gifts;
  if (gifts.length === 0) return null;
  const failed = gifts.filter(({ code }) => code !== null);
  const unfinished = gifts.filter(({ code }) => code === null);
  return (
    <Kind title={words.title}>
      {failed.length > 0 && <WhatToDo reader={reader}>{words.failed}</WhatToDo>}
      <GiftList reader={reader} gifts={failed} />
      {unfinished.length > 0 && <WhatToDo reader={reader}>{words.unfinished}</WhatToDo>}
      <GiftList reader={reader} gifts={unfinished} />
    </Kind>
  );
};

const GiftList: FC<{ reader: Reader; gifts: readonly UngivenGift[] }> = ({ reader: { texts, formats }, gifts }) => {
  const words = texts.attention.gifts;
  if (gifts.length === 0) return null;
  return (
    <ul>
      {gifts.map((gift) => (
        <li>
          {formats.money(gift.amountMinor, gift.currency)}{' '}
          <span dir="auto">
            {words.fromTo(gift.customerName ?? gift.customerId, gift.toCustomerName ?? gift.toCustomerId)}
          </span>{' '}
          <Reference reference={gift.reference} />
          <small>
            {formats.instant(gift.requestedAt)}: {gift.code === null ? words.notDecided : texts.refusals[gift.code]}
          </small>
        </li>
      ))}
    </ul>
  );
};

export const Sales: FC<{ reader: Reader; sales: readonly UnsettledSale[] }> = ({ reader, sales }) => {
  const { texts, formats } = reader;
  const words = texts.attention.sales;
  if (sales.length === 0) return null;
  return (
    <Kind title={words.title}>
      <ul>
        {sales.map(({ saleShopId, saleId, number, currency, missingMinor, notReturnedMinor, decidedAt }) => (
          <li>
            <Sale reader={reader} saleShopId={saleShopId} saleId={saleId} />
            <small>{formats.instant(decidedAt)}</small>
            {missingMinor > 0 && (
              <p>
                {words.missing(formats.money(missingMinor, currency))} {words.missingWhat}
              </p>
            )}
            {notReturnedMinor > 0 && (
              <p>
                {words.notReturned(formats.money(notReturnedMinor, currency))} {words.notReturnedWhat}
              </p>
            )}
            <Settle
              reader={reader}
              named={texts.sale.titleOf(saleId)}
              fields={{ shop: saleShopId, sale: saleId, number: String(number) }}
            />
          </li>
        ))}
      </ul>
    </Kind>
  );
};

export const Signals: FC<{ reader: Reader; signals: readonly LostSignal[] }> = ({ reader, signals }) => {
  const words = reader.texts.attention.signals;
  if (signals.length === 0) return null;
  const refused = signals.filter(({ code }) => code !== null);
  const lost = signals.filter(({ code }) => code === null);
  return (
    <Kind title={words.title}>
      {refused.length > 0 && <WhatToDo reader={reader}>{words.refused}</WhatToDo>}
      <SignalList reader={reader} signals={refused} />
      {lost.length > 0 && <WhatToDo reader={reader}>{words.lost}</WhatToDo>}
      <SignalList reader={reader} signals={lost} />
    </Kind>
  );
};

const SignalList: FC<{ reader: Reader; signals: readonly LostSignal[] }> = ({ reader, signals }) => {
  const { texts, formats } = reader;
  const words = texts.attention.signals;
  if (signals.length === 0) return null;
  return (
    <ul>
      {signals.map((signal) => (
        <li>
          <Reference reference={signal.reference} /> {askedBy(reader, signal)}
          <small>
            {signal.caller === null
              ? words.sentAt(formats.instant(signal.sentAt))
              : words.sent(formats.instant(signal.sentAt), signal.caller)}
            : {signal.code === null ? words.notDecided : texts.refusals[signal.code]}
          </small>
          {signal.code !== null && (
            <Settle
              reader={reader}
              named={signal.reference}
              fields={{ reference: signal.reference, commandId: signal.commandId }}
            />
          )}
        </li>
      ))}
    </ul>
  );
};

/** What a message wanted, where the books have it. */
function askedBy({ texts, formats }: Reader, { kind, amountMinor, saleId, currency }: LostSignal): string {
  const words = texts.attention.signals;
  if (kind === null || amountMinor === null) return words.unknown;
  return words[kind](formats.money(amountMinor, currency), saleId ?? '');
}
