import { z } from '@hono/zod-openapi';
import { says } from '../../workflows/fields.js';

/** Opaque to callers: where the next page begins, as base64url of JSON. */
function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The number of a row among its payment's, as Postgres keeps it. */
export const ordinal = z.int().min(0).max(2_147_483_647);

/** A query parameter that holds a cursor, read back as the position it stands for. */
export function cursorOf<Position extends z.ZodType>(position: Position) {
  return z
    .string()
    .openapi({ type: 'string', description: '`next` of the page before' })
    .transform((text, context): z.output<Position> => {
      const parsed = position.safeParse(decoded(text));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: 'malformed_request' });
      return z.NEVER;
    });
}

export const limit = z.coerce
  .number(says('malformed_request'))
  .int(says('malformed_request'))
  .min(1, says('malformed_request'))
  .max(200, says('malformed_request'))
  .default(50)
  .openapi({ type: 'integer', minimum: 1, maximum: 200, default: 50 });

/** A page of a list, and where the next one begins; `null` on the last. */
export function pageOf<Row>(rows: readonly Row[], size: number, positionOf: (row: Row) => unknown) {
  const items = rows.slice(0, size);
  const last = items.at(-1);
  return { items, next: rows.length > size && last !== undefined ? encodeCursor(positionOf(last)) : null };
}

export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
