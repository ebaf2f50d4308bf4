import {
  askedDispositions,
  askedFreezeCauses,
  saleKeyOf,
  type Command,
  type SaleKey,
  type Wish,
} from '../../../domain/payment/command.js';
import { decide } from '../../../domain/payment/decide.js';
import { fromView } from '../../../domain/payment/afterEnd.js';
import { whyNotReinstated } from '../../../domain/payment/replace.js';
import { rulesKnown } from '../../../domain/payment/rules.js';
import { saleHash, type SaleTotals } from '../../../domain/payment/state.js';
import type { RefusalCode } from '../../../domain/refusals.js';
import { mayFreezeOrThaw, type Role } from '../../../domain/roles.js';
import { inShop, type Shop } from '../../../domain/shop.js';
import type { PaymentRead } from '../../../service/payment/read.js';
import type { Facts } from '../facts.js';
import { actNames, wishOf, type ActName, type Asked } from './asked.js';

/** What is known of a payment before somebody does something to it. */
export type Known = {
  readonly payment: PaymentRead;
  readonly facts: Facts | 'away';
  /** Under whose role it would be done: of who is signed in, or of the manager who would sign. */
  readonly role: Role;
  readonly shop: Shop;
  readonly nowMs: number;
};

/** Why it would be refused now, as the payment's own rules say; `undefined` when it would be accepted. */
export function foresee(known: Known, asked: Asked): RefusalCode | undefined {
  const { payment, facts } = known;
  switch (asked.act) {
    case 'give': {
      if (asked.toCustomerId === payment.customerId) return 'gift_to_self';
      const { customerId, currency } = payment;
      const hold = { giftId: 'foreseen', customerId, amountMinor: asked.amountMinor, currency, lifetimeMs: 1 };
      return foreseen(known, { kind: 'hold', ...hold });
    }
    case 'reinstate':
      if (facts === 'away') return 'books_unavailable';
      if (facts.replacements.some(({ origin }) => origin === 'reinstatement')) return 'already_reinstated';
      return whyNotReinstated(payment, facts.disposition, facts.giving);
    case 'reissue': {
      if (facts === 'away') return 'books_unavailable';
      const { customerId } = payment;
      return foreseen(known, { kind: 'cancel', customerId, disposition: 'reissued', reason: asked.reason });
    }
    case 'refund':
    case 'extend':
    case 'pay-out':
    case 'freeze':
    case 'thaw':
    case 'cancel':
    case 'expire':
      return foreseen(known, wishOf(asked, payment));
  }
}

/** The same ladder that the payment itself climbs, over what the page knows of it. Nothing is decided by it. */
function foreseen({ payment, facts, shop, nowMs }: Known, wish: Wish<Command>): RefusalCode | undefined {
  const by = { caller: 'foreseen', shopId: shop.shopId };
  const command: Command = { ...inShop(wish, shop), commandId: 'foreseen', by };
  const { heldMinor } = payment;
  const held = { holdId: 'held', giftId: 'held', amountMinor: heldMinor, expiresAt: '9998-12-31T00:00:00.000Z' };
  const state = {
    payment: { ...fromView(payment), holds: heldMinor > 0 ? [held] : [] },
    rules: Math.max(...rulesKnown.map(({ number }) => number)),
    memory: {
      accepted: new Map(),
      refused: new Map(),
      bare: new Map(),
      sales: new Map(salesOf(facts, command).map((sale) => [saleHash(sale), sale])),
      endedHolds: new Map(),
    },
    books: 'agree',
    outbox: [],
    outboxBytes: 0,
  } as const;
  const decision = decide(state, command, nowMs);
  return 'code' in decision ? decision.code : undefined;
}

/** While the books are away only the payment itself knows what a sale took: it is taken to be enough. */
function salesOf(facts: Known['facts'], command: Command): readonly (SaleKey & SaleTotals)[] {
  if (facts !== 'away') return facts.sales;
  if (command.kind !== 'refund') return [];
  return [{ ...saleKeyOf(command), takenMinor: command.amountMinor, givenBackMinor: 0, keptMinor: 0 }];
}

/** Everything that an act could ask for at the least, to see whether any of it is possible. */
function leastOf(act: ActName, { payment, facts, role }: Known): Asked[] {
  const reason = 'foreseen';
  switch (act) {
    case 'refund':
      if (facts === 'away') return [{ act, sale: NO_SALE, amountMinor: 1, reason }];
      return facts.sales.map((sale) => ({ act, sale, amountMinor: 1, reason }));
    case 'extend':
      return [{ act, expiresAt: null, reason }];
    case 'pay-out':
      return [{ act, amountMinor: 1, tender: 'other', reason }];
    case 'give':
      return [
        {
          act,
          toCustomerId: `not ${payment.customerId}`,
          toName: undefined,
          amountMinor: 1,
          message: undefined,
          reason,
        },
      ];
    case 'freeze':
    case 'thaw':
      return askedFreezeCauses.filter((cause) => mayFreezeOrThaw(role, cause)).map((cause) => ({ act, cause, reason }));
    case 'cancel':
      return askedDispositions.map((disposition) => ({ act, disposition, tender: undefined, reason }));
    case 'expire':
      return [{ act, reason }];
    case 'reinstate':
      return [{ act, expiresAt: undefined, reason }];
    case 'reissue':
      // The cure for one thing only; otherwise it would be one choice too many.
      return facts !== 'away' && facts.wear === 'worn_out' ? [{ act, reason }] : [];
  }
}

const NO_SALE = { saleShopId: 'none', saleId: 'none' };

/** What of an act would be accepted now. */
export function possible<Act extends ActName>(act: Act, known: Known): Extract<Asked, { act: Act }>[] {
  const isThis = (asked: Asked): asked is Extract<Asked, { act: Act }> => asked.act === act;
  return leastOf(act, known)
    .filter(isThis)
    .filter((asked) => foresee(known, asked) === undefined);
}

/** The acts of which something is possible now. */
export function offered(known: Known): ActName[] {
  return actNames.filter((act) => possible(act, known).length > 0);
}

/** Why an act is not offered: what its rules say, or that there is nothing that it could be about. */
export function whyNotOffered(act: ActName, known: Known): RefusalCode | 'nothing_to_do' {
  const codes = leastOf(act, known).map((asked) => foresee(known, asked));
  return codes.find((code) => code !== undefined) ?? 'nothing_to_do';
}
