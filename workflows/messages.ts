import { z } from 'zod';
import { isOneLine } from '../domain/ids.js';
import { parentKinds } from '../domain/payment/command.js';
import { fields } from './fields.js';

/** What was read of a message: a command, or what is wrong with it, without quoting values. */
export type Parsed<Command> =
  | {
      readonly form: 'command';
      readonly command: Command;
      readonly known: number | undefined;
      readonly asked: 'before' | undefined;
    }
  | { readonly form: 'malformed'; readonly reason: string };

/**
 * Reads whatever came under the name of a command.
 * @param bodies what the message of each kind carries besides its sender
 * @param shopId where it happens, unless the sender says so; a sale is the sender's shop's unless said
 * @param byHand who sent what stands for no request and is no step of anything: whoever it says, or the operator
 */
export function parse<Command extends { readonly kind: string }>(
  bodies: Readonly<Record<Command['kind'], z.ZodType>>,
  kind: Command['kind'],
  message: unknown,
  shopId: string,
  byHand: ByHand,
): Parsed<Command> {
  const { sender, body } = sendersFields(message, shopId, byHand);
  const told = z.safeParse(bodies[kind], body);
  if (!sender.success || !told.success) return { form: 'malformed', reason: complaints(sender.error, told.error) };
  const { known, asked, ...who } = sender.data;
  const said = told.data as { readonly saleId?: string };
  const sale = said.saleId === undefined ? {} : { saleShopId: who.by.shopId };
  return { form: 'command', command: { kind, ...who, ...sale, ...said } as unknown as Command, known, asked };
}

export type ByHand = 'as_it_says' | 'operator';

const OPERATOR = 'operator';

const byWhom = z.strictObject({
  caller: z.string().min(1).max(64).refine(isOneLine),
  shopId: fields.id.optional(),
  staffId: fields.id.optional(),
});

const senderSchema = z.object({
  commandId: fields.id,
  by: byWhom.default({ caller: OPERATOR }),
  parent: z
    .strictObject({ kind: z.enum(parentKinds), id: z.string().min(1).max(300).refine(isOneLine), commandId: fields.id })
    .optional(),
  known: z.int().min(1).optional(),
  asked: z.literal('before').optional(),
  requestHash: z
    .string()
    .regex(/^[\w-]{22}$/)
    .optional(),
  requestId: fields.id.optional(),
});

/** A message's sender, and the rest of it. */
function sendersFields(message: unknown, shopId: string, byHand: ByHand) {
  const { commandId, by, parent, known, asked, requestHash, requestId, ...body } = isRecord(message) ? message : {};
  const sender = z.safeParse(senderSchema, { commandId, by, parent, known, asked, requestHash, requestId });
  if (sender.success) {
    sender.data.by.shopId ??= shopId;
    if (byHand === 'operator' && requestHash === undefined && parent === undefined) sender.data.by.caller = OPERATOR;
  }
  return { sender, body };
}

function complaints(...errors: (z.ZodError | undefined)[]): string {
  const issues = errors.flatMap((error) => error?.issues ?? []);
  return issues
    .map(
      ({ path, code, message }) =>
        `${path.join('.') || 'message'}: ${code === 'unrecognized_keys' ? 'unknown_field' : message}`,
    )
    .join('; ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
