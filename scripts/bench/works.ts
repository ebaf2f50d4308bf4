import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { saleWorkflowId } from '../../workflows/sale/start.js';
import { MAIN_SHOP } from '../mainShop.js';
import { inParallel } from '../inParallel.js';
import { eventsOf } from './events.js';
import type { Post } from './till.js';

/** How many payments or workflows each work has. */
export const PAYMENTS = 200;
const CUSTOMERS = 50;
export const CALLERS = [1, 8, 32];

export /** One call of the thing that is measured, on payment or workflow number `i`. */
type Work = {
  name: string;
  callers: readonly number[];
  call: (i: number) => Promise<unknown>;
  eventsPerCall: (call: Work['call']) => Promise<number | null>;
};
export async function applies(client: Client, post: Post): Promise<[Work, Work]> {
  const apply = async (name: string, prefer: Record<string, string>): Promise<Work> => {
    const references = await inParallel(16, PAYMENTS, () => issue(post, 'C'));
    const body = { customerId: 'C', amountMinor: 1, currency: 'EUR', saleId: 'S' };
    return {
      name,
      callers: CALLERS,
      call: (i) => post(`/v1/account-payments/${references[i]}/apply`, body, prefer),
      eventsPerCall: (call) => eventsOf(client, references, call),
    };
  };
  return [
    await apply('A0 apply over HTTP, Prefer: wait=0', { Prefer: 'wait=0' }),
    await apply('A  apply over HTTP', {}),
  ];
}

/** Each customer has three payments; of all of them each sale takes a little. */
export async function sales(client: Client, post: Post): Promise<[Work, Work]> {
  const customers = await inParallel(8, CUSTOMERS, (i) => Promise.all([1, 2, 3].map(() => issue(post, `D-${i}`))));
  const basket = (i: number) => ({
    customerId: `D-${i % CUSTOMERS}`,
    currency: 'EUR',
    lines: [{ productId: 'bike', amountMinor: 300 }],
  });
  const settle = async (i: number): Promise<string> => {
    const saleId = randomUUID();
    const payments = customers[i % CUSTOMERS]?.map((reference) => ({ reference, amountMinor: 100 }));
    await post(`/v1/sales/${saleId}/settle`, { ...basket(i), payments });
    return saleId;
  };
  const eventsOfSale = async () =>
    (await client.workflow.getHandle(saleWorkflowId({ saleShopId: MAIN_SHOP, saleId: await settle(0) })).describe())
      .historyLength;
  return [
    // With 32 callers two cores take longer over one than the API waits: a settlement is seven updates.
    { name: 'D  settle over three payments', callers: [1, 8], call: settle, eventsPerCall: eventsOfSale },
    {
      name: 'E  quote over three payments',
      callers: CALLERS,
      call: (i) => post('/v1/sales/S/quote', basket(i)),
      eventsPerCall: () => Promise.resolve(null),
    },
  ];
}

/** What the engine alone takes. */
export async function floor(client: Client, name: string, type: string): Promise<Work> {
  const ids = await inParallel(16, PAYMENTS, async () => {
    const workflowId = randomUUID();
    await client.workflow.start(type, { workflowId, taskQueue: 'floor', args: [workflowId] });
    return workflowId;
  });
  const call = (i: number) => client.workflow.getHandle(ids[i] ?? '').executeUpdate('step');
  return { name, callers: CALLERS, call, eventsPerCall: (each) => eventsOf(client, ids, each) };
}

async function issue(post: Post, customerId: string): Promise<string> {
  const body = { customerId, type: 'generic', purpose: 'deposit', amountMinor: 1_000_000_000, currency: 'EUR' };
  return ((await post('/v1/account-payments', body)) as { payment: { reference: string } }).payment.reference;
}
