import { canonicalJson } from '../../domain/payment/command.js';
import { readReference } from '../../domain/reference.js';
import { sha256 } from '../../domain/sha256.js';

/** A request as it was sent. */
export type SentRequest = {
  readonly method: string;
  readonly path: string;
  /** The reference in its address, if there is one. */
  readonly reference: string | undefined;
  readonly body: unknown;
};

/**
 * Two requests are the same when method, address and body are: the body as it was sent, before defaults, so that a
 * later release does not turn a repeat into another request. References are in their one form, however they were typed,
 * and addresses in one, whatever of them was escaped.
 */
export function hashOfRequest({ method, path, reference, body }: SentRequest): string {
  const address = path.split('/').map((segment) => inOneForm(segment, reference));
  return sha256(`${method} ${address.join('/')}\n${canonicalJson(withReferences(body))}`).slice(0, 22);
}

function inOneForm(segment: string, typed: string | undefined): string {
  const said = unescaped(segment);
  return encodeURIComponent(said === typed ? (readReference(typed) ?? typed) : said);
}

/** What is no escape stands for itself, as it does where the address is read. */
function unescaped(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function withReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]: [string, unknown]) => {
      const isTyped = name === 'reference' && typeof each === 'string';
      return [name, isTyped ? (readReference(each) ?? each) : withReferences(each)];
    }),
  );
}
