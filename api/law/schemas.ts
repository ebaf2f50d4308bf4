import { z } from '@hono/zod-openapi';
import { lawForces } from '../../domain/law/rule.js';

/** A rule, as every answer tells it. */
const told = {
  rule: z.string().openapi({ example: 'us-ny-validity-9' }),
  jurisdiction: z.string().openapi({ description: 'ISO 3166: a country, or a region of one', example: 'US-NY' }),
  force: z.enum(lawForces).openapi({ description: 'What is `advisory` is never refused' }),
  words: z.object({ en: z.string(), de: z.string() }).openapi({ description: 'A sentence for staff' }),
  source: z.object({ citation: z.string(), address: z.string() }),
  checkedOn: z.string().openapi({ format: 'date', description: 'When somebody last held it against the law' }),
};

export const warningSchema = z
  .object({
    ...told,
    leastValidThrough: z.string().nullable().openapi({
      format: 'date',
      description: 'The earliest last day by which nothing would stand against it, where there is one',
      example: '2035-11-23',
    }),
  })
  .openapi('LawWarning');

export const warningsSchema = z
  .array(warningSchema)
  .openapi({ description: 'The rules of law that had a word on it. Empty when none had' });
