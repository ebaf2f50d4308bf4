import type { Context } from 'hono';
import { findSaleTerms } from '../../db/sale/saleCommands.js';
import { within } from '../../db/outage.js';
import { derivedId } from '../../domain/payment/command.js';
import { refusals } from '../../domain/refusals.js';
import type { ReturnView, SaleCommand, SaleRefusal, SaleView } from '../../domain/sale/sale.js';
import type { Variables } from '../http/access.js';
import type { Parts } from '../http/calls.js';
import { keyedRequestOf, preferencesOf } from '../http/idempotency.js';
import { problem } from '../http/problems.js';
import { NO_ACTOR } from '../../service/temporal.js';

type Body<Kind extends SaleCommand> = Omit<Kind, 'kind' | 'commandId' | 'by'>;

const PATIENCE_MS = 2_000;

/** Sends one command to one sale, once however often it is asked to, and answers with the sale, or with the refusal. */
export async function sendToSale<Kind extends SaleCommand>(
  c: Context<Variables>,
  parts: Parts,
  { kind, body, staffId }: { kind: Kind['kind']; body: Body<Kind>; staffId: string | undefined },
): Promise<Response> {
  const request = await keyedRequestOf(c);
  if (request === undefined) return problem(c, 'idempotency_key_required');
  const saleId = c.req.param('saleId') ?? '';
  // Of the sale too, so that two sales never share a hold, whatever tells keys apart.
  const commandId = derivedId(request.requestId, saleId);
  const { standing } = await parts.requestKeys({ ...request, caller: c.get('caller').name, reference: null });
  if (standing === 'another' && !(await parts.actors.isRememberedBySale(saleId, commandId)))
    return problem(c, 'command_id_reused');
  const by = { caller: c.get('caller').name, ...(staffId !== undefined && { staffId }) };
  const command = { kind, commandId, by, ...body } as unknown as SaleCommand;
  let answer = await parts.actors.commandSale(saleId, command);
  if (answer === NO_ACTOR) {
    const terms = await within(PATIENCE_MS, findSaleTerms(parts.sql, saleId));
    answer = terms ? await parts.actors.resumeSale(saleId, command, terms) : NO_ACTOR;
  }
  if (answer === NO_ACTOR) return problem(c, 'sale_not_found');
  if (answer.delivery === 'replayed') c.header('Idempotent-Replayed', 'true');
  if (answer.outcome === 'refused') {
    // Who names another customer is told nothing of this one's sale.
    const asked = 'customerId' in body ? body.customerId : undefined;
    return refused(c, parts, answer.refusal, answer.sale, (sale) => asked === undefined || asked === sale.customerId);
  }
  const told = { ...(answer.return && { return: answer.return }), ...(answer.hold && { hold: answer.hold }) };
  const recorded = await areRecorded(parts, answer, preferencesOf(c).waitMs);
  return c.json({ ...told, sale: answer.sale, recorded }, 200);
}

function refused(
  c: Context,
  { metrics }: Parts,
  { code, payments, ...figures }: SaleRefusal,
  sale: SaleView | null,
  isTheirs: (sale: SaleView) => boolean,
): Response {
  metrics.refusals.inc({ code });
  return problem(c, code, {
    ...figures,
    ...(payments.length > 0 && {
      payments: payments.map((each) => ({ ...each, detail: refusals[each.code].sentence })),
    }),
    ...(sale && isTheirs(sale) && code !== 'command_id_reused' && { sale }),
  });
}

type Moved = { return: ReturnView | null; sale: SaleView | null };

/** Whether everything that this answer tells of can be read back. */
async function areRecorded(
  { untilRecorded }: Parts,
  { return: back, sale }: Moved,
  patienceMs: number,
): Promise<boolean> {
  const issued = (back?.returned ?? []).flatMap(({ replacement }) =>
    replacement === null ? [] : [{ reference: replacement, revision: 1 }],
  );
  const told = await Promise.all(
    [...(sale?.payments ?? []), ...issued].map(({ reference, revision }) =>
      untilRecorded({ reference, revision }, patienceMs),
    ),
  );
  return told.every((recorded) => recorded);
}
