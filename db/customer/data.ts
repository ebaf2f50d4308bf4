import type { Line } from '../../domain/payment/command.js';
import type { Instant } from '../../domain/instants.js';
import { isReference } from '../../domain/reference.js';
import type { MovementKind } from '../../domain/payment/payment.js';
import { withLastDay } from '../../domain/payment/validity.js';
import type { Shop } from '../../domain/shop.js';
import type { Sql } from '../connect.js';
import { selectView, toRow, type AccountPaymentRow, type Selected } from '../payment/accountPayments.js';

type Who = { name: string; phone: string | null; email: string | null; updatedAt: Instant };
type Movement = {
  reference: string;
  sequence: number;
  kind: MovementKind;
  amountMinor: number;
  balanceAfterMinor: number;
  saleShopId: string | null;
  saleId: string | null;
  counterpart: string | null;
  reason: string | null;
  shopId: string;
  movedAt: Instant;
};
type Command = {
  reference: string;
  kind: string;
  outcome: string;
  shopId: string;
  decidedAt: Instant;
  details: Readonly<Record<string, unknown>>;
};
type SaleAnswer = {
  saleShopId: string;
  saleId: string;
  kind: string;
  outcome: string;
  currency: string | null;
  lines: readonly Line[] | null;
  reason: string | null;
  decidedAt: Instant;
};
type Gift = {
  giftId: string;
  /** Of what was received neither the payment it came from, nor whose that is, nor why. */
  reference: string | null;
  customerId: string | null;
  toCustomerId: string;
  amountMinor: number;
  currency: string;
  message: string | null;
  reason: string | null;
  status: string;
  requestedAt: Instant;
};
type Payment = Omit<AccountPaymentRow, 'createdBy'> & { validThrough: string | null };

/** All that stands anywhere about a customer. */
export type CustomerData = {
  readonly who: Who | null;
  readonly payments: readonly Payment[];
  readonly movements: readonly Movement[];
  readonly commands: readonly Command[];
  readonly sales: readonly SaleAnswer[];
  readonly gifts: readonly Gift[];
  readonly erasures: readonly { erasedAt: Instant; reason: string }[];
};

/**
 * All that stands about a customer, as they may ask for it. Of whom they gave something it has the number alone; of who
 * gave them something, and of the staff, nobody. It has no reference of another's payment: with that, and a number that
 * can be guessed, one can buy. Undefined of whom nothing is known: such a file would be an answer to nobody.
 * @param shop by whose calendar last days are told
 */
export async function customerData(
  sql: Sql,
  customerId: string,
  shop: Pick<Shop, 'calendar'>,
): Promise<CustomerData | undefined> {
  const own = sql`select reference from account_payments where customer_id = ${customerId}`;
  const [[who = null], payments, movements, commands, sales, gifts, erasures] = await Promise.all([
    sql<Who[]>`select name, phone, email, updated_at from customers where customer_id = ${customerId}`,
    sql<Selected[]>`
      select ${selectView(sql)} from account_payments where customer_id = ${customerId} order by issued_at, reference`,
    sql<Movement[]>`
      select reference, sequence, kind, amount_minor, balance_after_minor, sale_shop_id, sale_id, counterpart, reason,
             shop_id, moved_at
        from movements where reference in (${own}) order by reference, sequence`,
    sql<Command[]>`
      select reference, kind, outcome, shop_id, decided_at, details
        from commands where reference in (${own}) order by reference, revision`,
    sql<SaleAnswer[]>`
      select sale_shop_id, sale_id, kind, outcome, currency, lines, answer #>> '{return,reason}' as reason, decided_at
        from sale_commands
       where customer_id = ${customerId} or references_of(answer) && array(${own}) order by number`,
    sql<Gift[]>`
      select gift_id, reference, customer_id, to_customer_id, amount_minor, currency, message, reason, status,
             requested_at
        from gifts where customer_id = ${customerId} or to_customer_id = ${customerId} order by requested_at, gift_id`,
    sql<{ erasedAt: Instant; reason: string }[]>`
      select erased_at, reason from customer_erasures where customer_id = ${customerId} order by erased_at`,
  ]);
  const data = {
    who,
    payments: payments.map((row) => withLastDay(withoutStaff(row), shop)),
    movements,
    commands,
    sales,
    erasures,
  };
  const isKnown = who !== null || [payments, sales, gifts, erasures].some(({ length }) => length > 0);
  if (!isKnown) return undefined;
  const ownReferences = new Set(payments.map(({ reference }) => reference));
  return withoutOthers({ ...data, gifts: gifts.map((gift) => asReceived(gift, customerId)) }, ownReferences);
}

function asReceived(gift: Gift, customerId: string): Gift {
  return gift.customerId === customerId ? gift : { ...gift, reference: null, customerId: null, reason: null };
}

/** References stand in movements, and deep in what was decided too. */
function withoutOthers<Data>(data: Data, own: ReadonlySet<string>): Data {
  if (typeof data === 'string') return (isReference(data) && !own.has(data) ? null : data) as Data;
  if (Array.isArray(data)) return data.map((each: unknown) => withoutOthers(each, own)) as Data;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, each]) => [name, withoutOthers(each as unknown, own)]),
  ) as Data;
}

function withoutStaff(row: Selected): Omit<Payment, 'validThrough'> {
  const { createdBy: _, ...payment } = toRow(row);
  return payment;
}
