import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Wish } from '../../domain/payment/command.js';
import { mustNameCustomer } from '../../domain/roles.js';
import type { SaleCommand } from '../../domain/sale/sale.js';
import type { Parts } from '../../service/parts.js';
import { commandSale } from '../../service/sale/command.js';
import type { Variables } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Documented } from '../http/documents.js';
import { keyed } from '../http/idempotency.js';
import type { Caller } from '../http/keys.js';
import { fault } from '../http/faults.js';
import { answerNotDone, markReplayed, problem } from '../http/problems.js';
import { keyedRoute } from '../http/routes.js';
import { saleParam } from './schemas.js';

type Wished = Wish<SaleCommand> & {
  readonly staffId?: string | undefined;
  readonly saleShopId?: string | undefined;
};

/** A call that sends one command to the sale that its address names, and answers with the sale. */
type SaleCall<Said> = {
  /** The last part of the address. */
  readonly path: SaleCommand['kind'];
  readonly summary: string;
  readonly body: z.ZodType<Said>;
  readonly answer: Documented;
  readonly wish: (said: Said, caller: Caller) => Wished;
};

export function saleCall<Said>({ path, summary, body, answer, wish }: SaleCall<Said>): (parts: Parts) => App {
  const route = keyedRoute({
    path: `/sales/{saleId}/${path}`,
    operationId: `${path}Sale`,
    summary,
    permission: 'spend',
    params: saleParam,
    body,
    answers: { 200: answer },
  });
  return (parts) =>
    createCalls().openapi(route, (c) => {
      const caller = c.get('caller');
      const wished = wish(c.req.valid('json'), caller);
      const isNamed = wished.customerId !== undefined || !mustNameCustomer(caller.role);
      return isNamed ? send(c, parts, wished) : problem(c, 'missing_field', { errors: [NOBODY] });
    });
}

const NOBODY = fault('missing_field', ['customerId']);

async function send(c: Context<Variables>, parts: Parts, { staffId, saleShopId, ...wish }: Wished): Promise<Response> {
  return keyed(c, staffId, async (asking) => {
    const key = { saleShopId: saleShopId ?? asking.who.shop.shopId, saleId: c.req.param('saleId') ?? '' };
    const result = await commandSale(parts, asking, key, wish);
    if (result.outcome !== 'accepted') return answerNotDone(c, result);
    const { return: back, hold, sale, credits, warnings, recorded } = result;
    markReplayed(c, result.delivery);
    return c.json(
      { ...(back && { return: back, warnings }), ...(hold && { hold }), sale, ...(credits && { credits }), recorded },
      200,
    );
  });
}
