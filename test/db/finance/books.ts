import type { Sql } from '../../../db/connect.js';
import { shutDays } from '../../../db/finance/closing.js';
import { recordBatch } from '../../../db/payment/record.js';
import { insertShop, listShops } from '../../../db/shops.js';
import { confirm } from '../../../domain/payment/change.js';
import type { By, Command, Issue } from '../../../domain/payment/command.js';
import { handle, passTime } from '../../../domain/payment/handle.js';
import { stateAtIssue } from '../../../domain/payment/issue.js';
import { createCalendar, instantOf } from '../../../domain/instants.js';
import type { Terms } from '../../../domain/payment/payment.js';
import { by as unsaid, issue, S } from '../../domain/payment/build.js';

/** Two entities, and three shops in two time zones. */
export const shops = {
  berlin: { name: 'Berlin', legalEntity: 'Nord GmbH', currency: 'EUR', timeZone: 'Europe/Berlin' },
  hamburg: { name: 'Hamburg', legalEntity: 'Nord GmbH', currency: 'EUR', timeZone: 'Europe/Berlin' },
  newyork: { name: 'New York', legalEntity: 'West Inc', currency: 'USD', timeZone: 'America/New_York' },
} as const;
export type ShopId = keyof typeof shops;

export async function openShops(sql: Sql): Promise<void> {
  for (const [shopId, shop] of Object.entries(shops)) await insertShop(sql, { shopId, jurisdiction: null, ...shop });
}

/** As if the clock had closed their days until this one. */
export async function closeDays(sql: Sql, day: string, of: readonly string[] = Object.keys(shops)): Promise<void> {
  for (const { legalEntity, shopId } of await listShops(sql))
    if (of.includes(shopId)) await shutDays(sql, legalEntity, shopId, day);
}

export const at = (shopId: ShopId, caller = 'till-1', staffId?: string): { by: By } => ({
  by: { caller, shopId, ...(staffId !== undefined && { staffId }) },
});

export type Payment = {
  readonly reference: string;
  /** Has it carried out, by the issuer unless said; the test fails when it is refused. */
  readonly does: (instant: string, ...commands: Command[]) => Payment;
  /** What time does by itself. */
  readonly reaches: (instant: string) => Payment;
  /** Writes down what is not in the books yet, as its recorder would. */
  readonly record: () => Promise<Payment>;
};

let issued = 0;
const berlin = createCalendar(shops.berlin.timeZone);

/** A payment as its actor would decide: 100.00 EUR of C, issued in Berlin, without an end, unless said. */
export function payment(sql: Sql, instant: string, overrides: Partial<Issue> = {}): Payment {
  const nowMs = Date.parse(instant);
  issued += 1;
  const date = berlin.dayAt(nowMs).replaceAll('-', '');
  const reference = `ACC-${date}-${String(issued).padStart(8, '0')}`;
  const said = { ...at('berlin'), expiresAt: null, reference, issuedAt: instantOf(nowMs), ...overrides };
  const state = stateAtIssue(issue({ commandId: `issue-${reference}`, ...said }));
  state.books = 'agree';
  const made: Payment = {
    reference: state.payment.terms.reference,
    does: (when, ...commands) => {
      for (const command of commands) {
        const answer = handle(state, ofIts(state.payment.terms, command), Date.parse(when));
        if (answer.outcome !== 'accepted') throw new Error(`${command.kind} at ${when}: ${answer.code}`);
      }
      return made;
    },
    reaches: (when) => {
      passTime(state, Date.parse(when));
      return made;
    },
    record: async () => {
      const records = [...state.outbox];
      await recordBatch(sql, { terms: state.payment.terms, records }, 'run');
      confirm(state, records.length);
      return made;
    },
  };
  return made;
}

/** What a test does not say of a command is the payment's own, and its sale is one of the shop in which it happens. */
function ofIts({ by: home, customerId, currency }: Terms, command: Command): Command {
  const by = command.by === unsaid ? home : command.by;
  return {
    ...command,
    ...('customerId' in command && { customerId }),
    ...('currency' in command && { currency }),
    ...('saleShopId' in command && command.saleShopId === S.saleShopId && { saleShopId: by.shopId }),
    by,
  };
}
