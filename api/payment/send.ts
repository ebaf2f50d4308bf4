import type { Context } from 'hono';
import type { z } from '@hono/zod-openapi';
import type { Command, Wish } from '../../domain/payment/command.js';
import type { Permission } from '../../domain/roles.js';
import type { Parts } from '../../service/parts.js';
import { commandPayment, type Accepted } from '../../service/payment/command.js';
import type { Variables } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import { answers, type Answers } from '../http/documents.js';
import { keyed } from '../http/idempotency.js';
import type { Caller } from '../http/keys.js';
import { answerNotDone, markReplayed } from '../http/problems.js';
import { referenceParam } from '../http/requestFields.js';
import { keyedRoute } from '../http/routes.js';
import { linksOfPayment } from './links.js';
import { acceptedSchema, changedSchema, usedSchema } from './schemas.js';

type Wished = Wish<Command> & {
  readonly staffId?: string | undefined;
  readonly againstLawBecause?: string | undefined;
};

/** A call that sends one command to the payment that its address names. */
type PaymentCall<Said> = {
  readonly operationId: string;
  /** The last part of the address, when it is not the operation's name. */
  readonly path?: string;
  readonly summary: string;
  readonly permission: Permission;
  readonly body: z.ZodType<Said>;
  readonly wish: (said: Said, caller: Caller) => Wished;
};

/** A call after which the answer shows the movement that it made. */
export function changingCall<Said>(call: PaymentCall<Said> & { readonly done: string }): (parts: Parts) => App {
  const shown = { answers: { 200: answers(call.done, changedSchema) }, show: (accepted: Shown) => accepted };
  return paymentCall({ ...call, ...shown });
}

/** A call of a sale, after which the answer shows its usage; it can be left with Temporal, too. */
export function usageCall<Said>(call: PaymentCall<Said> & { readonly done: string }): (parts: Parts) => App {
  const documented = {
    200: answers(call.done, usedSchema, linksOfPayment('/payment/reference')),
    202: answers('Sent as a signal; Location tells what becomes of it', acceptedSchema),
  };
  return paymentCall({ ...call, answers: documented, show: showUsage });
}

/** What is shown of an accepted command. */
type Shown = Pick<Accepted, 'movement' | 'payment' | 'recorded' | 'warnings'>;

type Showing = {
  readonly answers: Answers;
  readonly show: (accepted: Shown) => object;
};

function paymentCall<Said>({
  operationId,
  path = operationId,
  summary,
  permission,
  body,
  wish,
  answers,
  show,
}: PaymentCall<Said> & Showing): (parts: Parts) => App {
  const route = keyedRoute({
    path: `/account-payments/{reference}/${path}`,
    operationId,
    summary,
    permission,
    params: referenceParam,
    body,
    answers,
  });
  return (parts) =>
    createCalls().openapi(route, (c) => send(c, parts, wish(c.req.valid('json'), c.get('caller')), show));
}

async function send(
  c: Context<Variables>,
  parts: Parts,
  { staffId, againstLawBecause, ...wish }: Wished,
  show: Showing['show'],
): Promise<Response> {
  return keyed(c, staffId, async (asking) => {
    const judged = { ...asking, againstLawBecause };
    const result = await commandPayment(parts, judged, c.req.param('reference') ?? '', wish);
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
      case 'forbidden':
      case 'unanswered':
        return answerNotDone(c, result);
    }
  });
}

/** With the signs of a sale: what was spent is positive, what came back is negative. */
function showUsage({ movement, warnings: _, ...rest }: Shown): object {
  if (!movement) return { usage: null, ...rest };
  const { counterpart: __, tender: ___, ...usage } = movement;
  const kind = movement.kind === 'applied' ? 'apply' : 'refund';
  return { usage: { ...usage, kind, amountMinor: -movement.amountMinor }, ...rest };
}
