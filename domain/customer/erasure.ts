import { instantOf, type Instant } from '../instants.js';
import { sha256 } from '../sha256.js';

/** What is kept of an erasure outside of the database: nobody's name, and the customer's id as a hash. */
export type ErasureToken = { readonly customerHash: string; readonly erasureId: string; readonly erasedAt: Instant };

/** In one word, which stands in the log, so that it can be found among whatever stands beside it. */
export function tokenOf(erasure: {
  readonly customerId: string;
  readonly erasureId: string;
  readonly erasedAt: Instant;
}): string {
  const { customerId, erasureId, erasedAt } = erasure;
  return ['erased', hashOfCustomer(customerId), erasureId, Date.parse(erasedAt)].join('.');
}

/** All that stand in a text, a log or a list, each once. */
export function tokensIn(text: string): ErasureToken[] {
  const found = text.matchAll(/\berased\.([\w-]{43})\.([\w-]{43})\.(\d{1,15})\b/g);
  const tokens = Array.from(found, ([, customerHash = '', erasureId = '', at]) => ({
    customerHash,
    erasureId,
    erasedAt: instantOf(Number(at)),
  }));
  return [...new Map(tokens.map((token) => [token.erasureId, token])).values()];
}

export function hashOfCustomer(customerId: string): string {
  return sha256(`erased customer\n${customerId}`);
}
