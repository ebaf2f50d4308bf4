import type { z } from '@hono/zod-openapi';
import { isRefusalCode, refusals, type RefusalCode } from '../../domain/refusals.js';
import type { Fault } from './problems.js';

/** What a schema found wrong, without quoting any value. */
export function faultsOf(issues: readonly z.core.$ZodIssue[], target: string): Fault[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => fault('unknown_field', [...issue.path, key], target));
    return [fault(codeOf(issue), issue.path, target)];
  });
}

function codeOf({ message }: z.core.$ZodIssue): RefusalCode {
  return isRefusalCode(message) ? message : 'malformed_request';
}

export function fault(code: RefusalCode, path: readonly PropertyKey[], target = 'json'): Fault {
  const reason = refusals[code].sentence;
  if (target !== 'json') return { parameter: path.join('.'), code, reason };
  // RFC 6901, section 6: a JSON pointer as a URI fragment.
  const pointer = path.map(
    (step) => `/${encodeURIComponent(String(step).replaceAll('~', '~0').replaceAll('/', '~1'))}`,
  );
  return { pointer: `#${pointer.join('')}`, code, reason };
}
