import {
  askedDispositions,
  askedFreezeCauses,
  tenders,
  type Command,
  type FreezeCause,
  type SaleKey,
  type Tender,
  type Wish,
} from '../../../domain/payment/command.js';
import type { Instant } from '../../../domain/instants.js';
import type { Permission } from '../../../domain/roles.js';
import type { PaymentRead } from '../../../service/payment/read.js';

/** What staff do to one payment, by the last part of the address; in the order in which it is offered. */
export const actNames = [
  'refund',
  'extend',
  'pay-out',
  'give',
  'freeze',
  'thaw',
  'cancel',
  'expire',
  'reinstate',
  'reissue',
] as const;
export type ActName = (typeof actNames)[number];

export type AskedDisposition = (typeof askedDispositions)[number];

/** What a form asks for, once it is understood. */
export type Asked =
  | { readonly act: 'refund'; readonly sale: SaleKey; readonly amountMinor: number; readonly reason: string }
  | { readonly act: 'extend'; readonly expiresAt: Instant | null; readonly reason: string }
  | { readonly act: 'pay-out'; readonly amountMinor: number; readonly tender: Tender; readonly reason: string }
  | {
      readonly act: 'give';
      readonly toCustomerId: string;
      /** As far as the books know one. */
      readonly toName: string | undefined;
      readonly amountMinor: number;
      readonly message: string | undefined;
      readonly reason: string;
    }
  | { readonly act: 'freeze' | 'thaw'; readonly cause: FreezeCause; readonly reason: string }
  | {
      readonly act: 'cancel';
      readonly disposition: AskedDisposition;
      readonly tender: Tender | undefined;
      readonly reason: string;
    }
  | { readonly act: 'expire'; readonly reason: string }
  | {
      readonly act: 'reinstate';
      /** `undefined` for as long as the shop sets. */
      readonly expiresAt: Instant | null | undefined;
      readonly reason: string;
    }
  | { readonly act: 'reissue'; readonly reason: string };

/** A cashier gives back what a sale took; all else is a manager's. */
export function permissionOf(act: ActName): Permission {
  return act === 'refund' ? 'spend' : 'manage';
}

/** One command to the payment; a gift, a reinstatement and a reissue are carried out by several. */
export type AskedCommand = Exclude<Asked, { act: 'give' | 'reinstate' | 'reissue' }>;

export function wishOf(asked: AskedCommand, { customerId, currency }: PaymentRead): Wish<Command> {
  switch (asked.act) {
    case 'refund': {
      const { sale, amountMinor, reason } = asked;
      return { kind: 'refund', customerId, amountMinor, currency, ...sale, reason };
    }
    case 'extend':
      return { kind: 'extend', customerId, expiresAt: asked.expiresAt, reason: asked.reason };
    case 'pay-out': {
      const { amountMinor, tender, reason } = asked;
      return { kind: 'payOut', customerId, amountMinor, currency, tender, reason };
    }
    case 'freeze':
    case 'thaw':
      return { kind: asked.act, cause: asked.cause, reason: asked.reason };
    case 'cancel': {
      const { disposition, tender, reason } = asked;
      return { kind: 'cancel', customerId, disposition, ...(tender && { tender }), reason };
    }
    case 'expire':
      return { kind: 'expire', cause: 'asked', reason: asked.reason };
  }
}

export function tenderOf(value: string | undefined): Tender | undefined {
  return tenders.find((each) => each === value);
}

export function dispositionOf(value: string | undefined): AskedDisposition | undefined {
  return askedDispositions.find((each) => each === value);
}

export function causeOf(value: string | undefined): (typeof askedFreezeCauses)[number] | undefined {
  return askedFreezeCauses.find((each) => each === value);
}
