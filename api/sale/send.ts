import type { Context } from 'hono';
import type { Wish } from '../../domain/payment/command.js';
import type { SaleCommand } from '../../domain/sale/sale.js';
import type { Parts } from '../../service/parts.js';
import { commandSale } from '../../service/sale/command.js';
import type { Variables } from '../http/access.js';
import { keyed } from '../http/idempotency.js';
import { answerRefusal, markReplayed, problem } from '../http/problems.js';

/** Sends one command to the sale that the address names, and answers with the sale. */
export async function sendToSale(
  c: Context<Variables>,
  parts: Parts,
  {
    staffId,
    saleShopId,
    ...wish
  }: Wish<SaleCommand> & { staffId?: string | undefined; saleShopId?: string | undefined },
): Promise<Response> {
  return keyed(c, staffId, async (asking) => {
    const sale = { saleShopId: saleShopId ?? asking.who.shop.shopId, saleId: c.req.param('saleId') ?? '' };
    const result = await commandSale(parts, asking, sale, wish);
    switch (result.outcome) {
      case 'accepted': {
        const { return: back, hold, sale, credits, recorded } = result;
        markReplayed(c, result.delivery);
        return c.json(
          { ...(back && { return: back }), ...(hold && { hold }), sale, ...(credits && { credits }), recorded },
          200,
        );
      }
      case 'refused':
        return answerRefusal(c, result);
      case 'unanswered':
        return problem(c, result.code);
    }
  });
}
