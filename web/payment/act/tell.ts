import type { Child } from 'hono/jsx';
import { lastDayBefore, type Instant } from '../../../domain/instants.js';
import { replacementExpiry } from '../../../domain/shop.js';
import type { Reader } from '../../http/reader.js';
import type { Asked } from './asked.js';
import type { Known } from './foresee.js';

/** What will happen, in money; amber where the customer loses some. */
export type Told = { readonly tone: 'plain' | 'amber'; readonly sentences: readonly Child[] };

export function tell(asked: Asked, known: Known, reader: Reader): Told {
  return { tone: isForfeiting(asked) ? 'amber' : 'plain', sentences: sentencesOf(asked, known, reader) };
}

function isForfeiting(asked: Asked): boolean {
  return asked.act === 'expire' || (asked.act === 'cancel' && asked.disposition === 'forfeited');
}

function sentencesOf(asked: Asked, { payment, shop, nowMs }: Known, { texts, formats }: Reader): readonly string[] {
  const { tellings: t } = texts.acts;
  const money = (amountMinor: number) => formats.money(amountMinor, payment.currency);
  const { balanceMinor } = payment;
  const balance = money(balanceMinor);
  const until = (end: Instant | null) => (end === null ? t.forEver : formats.day(lastDayBefore(end, shop.calendar)));
  switch (asked.act) {
    case 'refund': {
      const { amountMinor, sale } = asked;
      return [t.refund(money(amountMinor), sale.saleId), t.balance(balance, money(balanceMinor + amountMinor))];
    }
    case 'extend':
      return [t.extend(until(payment.expiresAt), until(asked.expiresAt)), t.balanceStays(balance)];
    case 'pay-out': {
      const { amountMinor, tender } = asked;
      return [
        t.payOut(money(amountMinor), texts.tenders[tender]),
        t.balance(balance, money(balanceMinor - amountMinor)),
      ];
    }
    case 'give': {
      const { amountMinor, toCustomerId, toName } = asked;
      const to = toName === undefined ? toCustomerId : `${toName} (${toCustomerId})`;
      const who = toName === undefined ? [t.newCustomer(toCustomerId)] : [];
      return [t.give(money(amountMinor), to), ...who, t.balance(balance, money(balanceMinor - amountMinor))];
    }
    case 'freeze':
      return [t.freeze(balance)];
    case 'thaw': {
      const left = payment.frozenCauses.filter((cause) => cause !== asked.cause);
      const causes = left.map((cause) => texts.payment.frozenCauses[cause]).join(', ');
      return [left.length === 0 ? t.thaw(balance) : t.thawOne(causes)];
    }
    case 'cancel': {
      const { disposition, tender } = asked;
      return [t.cancel[disposition](balance, texts.tenders[tender ?? 'other']), t.ends];
    }
    case 'expire':
      return [t.expire(balance), t.ends];
    case 'reissue':
      return [t.reissue(balance), t.reissued];
    case 'reinstate': {
      const expiresAt = asked.expiresAt === undefined ? replacementExpiry(shop, nowMs) : asked.expiresAt;
      return [t.reinstate(money(payment.endedBalanceMinor ?? 0)), t.reinstateUntil(until(expiresAt))];
    }
  }
}
