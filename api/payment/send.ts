import type { Context } from 'hono';
import type { Command, Wish } from '../../domain/payment/command.js';
import { commandPayment, type Accepted } from '../../service/payment/command.js';
import type { Variables } from '../http/access.js';
import type { Parts } from '../../service/parts.js';
import { keyed } from '../http/idempotency.js';
import { answerRefusal, markReplayed, problem } from '../http/problems.js';

/** What is shown of an accepted command. */
export type Shown = Pick<Accepted, 'movement' | 'payment' | 'recorded'>;

/** Sends one command to the payment that the address names, and answers with what `show` makes of an acceptance. */
export async function send(
  c: Context<Variables>,
  parts: Parts,
  { staffId, ...wish }: Wish<Command> & { staffId?: string | undefined },
  show: (accepted: Shown) => object = (accepted) => accepted,
): Promise<Response> {
  return keyed(c, staffId, async (asking) => {
    const result = await commandPayment(parts, asking, c.req.param('reference') ?? '', wish);
    switch (result.outcome) {
      case 'accepted': {
        const { outcome: _, delivery, ...accepted } = result;
        markReplayed(c, delivery);
        return c.json(show(accepted), 200);
      }
      case 'sent':
        c.header('Location', `/v1/account-payments/${result.reference}/commands/${result.commandId}`);
        c.header('Preference-Applied', 'respond-async');
        return c.json({ commandId: result.commandId, status: 'sent' }, 202);
      case 'refused':
        return answerRefusal(c, result);
      case 'forbidden':
        return problem(c, 'forbidden');
      case 'unanswered':
        return problem(c, result.code);
    }
  });
}

/** With the signs of a sale: what was spent is positive, what came back is negative. */
export function showUsage({ movement, ...rest }: Shown): object {
  if (!movement) return { usage: null, ...rest };
  const { counterpart: _, tender: __, ...usage } = movement;
  const kind = movement.kind === 'applied' ? 'apply' : 'refund';
  return { usage: { ...usage, kind, amountMinor: -movement.amountMinor }, ...rest };
}
