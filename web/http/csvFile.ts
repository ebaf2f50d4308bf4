import { streamed } from '../../service/streamed.js';
import type { PageContext } from './context.js';

/** A file for spreadsheets, sent as it is made. */
export async function csvFile(c: PageContext, name: string, text: AsyncGenerator<string, void>): Promise<Response> {
  return c.body(await streamed(text), 200, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}.csv"`,
  });
}
