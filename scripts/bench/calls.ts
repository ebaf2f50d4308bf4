import { randomUUID } from 'node:crypto';
import { saleWorkflowId } from '../../workflows/sale/start.js';
import { inParallel } from '../../activities/inParallel.js';
import { MAIN_SHOP } from '../mainShop.js';
import { ALL_CALLERS, type Work } from './measure.js';
import { insist, type Send } from './till.js';

const CUSTOMERS = 66;
const EACH = 3;
const SALES = 64;

type Issued = { payment: { reference: string } };

/** What tills do: a customer has three payments, of which each call takes a little. */
export async function calls(send: Send): Promise<Work[]> {
  const issued = await inParallel(16, CUSTOMERS * EACH, (i) => insist(() => issue(send, `C-${i % CUSTOMERS}`)));
  const payment = (i: number) => ({ customerId: `C-${i % CUSTOMERS}`, reference: issued[i % issued.length] ?? '' });
  const ofCustomer = (i: number, count: number) =>
    Array.from({ length: count }, (_, nth) => issued[(i % CUSTOMERS) + nth * CUSTOMERS] ?? '');
  const works = [
    apply(send, 'apply', payment),
    apply(send, 'apply, wait=0', payment, 'wait=0'),
    apply(send, 'apply on one payment', () => payment(0)),
    await refunds(send, issued.length, payment),
    { name: 'issue', call: async (i: number) => [await issue(send, `I-${i % CUSTOMERS}`)] },
    holdAndCapture(send, ofCustomer),
    settle(send, 'settle over one payment', 1, ofCustomer),
    settle(send, 'settle over three payments', EACH, ofCustomer),
    await returns(send, ofCustomer),
    reading('quote', (i) => send('POST', `/sales/${randomUUID()}/quote`, basket(i, EACH))),
    reading("customer's account", (i) => send('GET', `/customers/C-${i % CUSTOMERS}/account`)),
    reading('list', () => send('GET', '/account-payments?status=active&limit=50')),
  ];
  return works.map((work) => ({ ...work, callers: ALL_CALLERS }));
}

export async function issue(send: Send, customerId: string, prefer?: string): Promise<string> {
  const body = { customerId, type: 'generic', purpose: 'deposit', amountMinor: 1_000_000_000, currency: 'EUR' };
  const { payment } = await send<Issued>('POST', '/account-payments', body, prefer);
  return payment.reference;
}

type Unplaced = Omit<Work, 'callers'>;
type Payment = (i: number) => { customerId: string; reference: string };
type OfCustomer = (i: number, count: number) => string[];

export function apply(send: Send, name: string, payment: Payment, prefer?: string): Unplaced {
  return {
    name,
    call: async (i) => {
      const { customerId, reference } = payment(i);
      const body = { customerId, amountMinor: 1, currency: 'EUR', saleId: 'S' };
      await send('POST', `/account-payments/${reference}/apply`, body, prefer);
      return [reference];
    },
  };
}

/** Of a little, again and again, of one sale that has taken more from each payment. */
async function refunds(send: Send, count: number, payment: Payment): Promise<Unplaced> {
  const sale = { currency: 'EUR', saleId: 'S-refunded' };
  const of = (i: number, act: string, body: { amountMinor: number; reason?: string }) => {
    const { customerId, reference } = payment(i);
    return send('POST', `/account-payments/${reference}/${act}`, { ...sale, customerId, ...body });
  };
  await inParallel(16, count, (i) => insist(() => of(i, 'apply', { amountMinor: 100_000 })));
  return {
    name: 'refund',
    call: async (i) => {
      await of(i, 'refund', { amountMinor: 1, reason: 'bench' });
      return [payment(i).reference];
    },
  };
}

function basket(i: number, count: number) {
  const lines = [{ productId: 'bike', amountMinor: 100 * count }];
  return { customerId: `C-${i % CUSTOMERS}`, currency: 'EUR', lines };
}

const workflowOf = (saleId: string) => saleWorkflowId({ saleShopId: MAIN_SHOP, saleId });

function holdAndCapture(send: Send, ofCustomer: OfCustomer): Unplaced {
  return {
    name: 'hold and capture over one payment',
    call: async (i) => {
      const saleId = randomUUID();
      const payments = ofCustomer(i, 1).map((reference) => ({ reference, amountMinor: 100 }));
      const { sale } = await send<{ sale: { holdId: string } }>('POST', `/sales/${saleId}/hold`, {
        ...basket(i, 1),
        payments,
      });
      const { customerId } = basket(i, 1);
      await send('POST', `/sales/${saleId}/capture`, { customerId, holdId: sale.holdId });
      return [workflowOf(saleId), ...ofCustomer(i, 1)];
    },
  };
}

function settle(send: Send, name: string, count: number, ofCustomer: OfCustomer): Unplaced {
  return {
    name,
    call: async (i) => {
      const saleId = randomUUID();
      const payments = ofCustomer(i, count).map((reference) => ({ reference, amountMinor: 100 }));
      await send('POST', `/sales/${saleId}/settle`, { ...basket(i, count), payments });
      return [workflowOf(saleId), ...ofCustomer(i, count)];
    },
  };
}

/** Of a little, again and again, of sales that have long been settled. */
async function returns(send: Send, ofCustomer: OfCustomer): Promise<Unplaced> {
  const settled = (i: number) => async () => {
    const saleId = randomUUID();
    const lines = [{ productId: 'bike', amountMinor: 100_000 }];
    const payments = ofCustomer(i, 1).map((reference) => ({ reference, amountMinor: 100_000 }));
    await send('POST', `/sales/${saleId}/settle`, { ...basket(i, 1), lines, payments });
    return saleId;
  };
  const sales = await inParallel(8, SALES, (i) => insist(settled(i)));
  return {
    name: 'return to one payment',
    call: async (i) => {
      const saleId = sales[i % SALES] ?? '';
      const { customerId, currency } = basket(i % SALES, 1);
      await send('POST', `/sales/${saleId}/return`, { customerId, currency, amountMinor: 1 });
      return [workflowOf(saleId), ...ofCustomer(i % SALES, 1)];
    },
  };
}

function reading(name: string, read: (i: number) => Promise<unknown>): Unplaced {
  return {
    name,
    call: async (i) => {
      await read(i);
      return [];
    },
  };
}
