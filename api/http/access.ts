import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { isPermitted, type Permission } from '../../domain/roles.js';
import type { Left } from '../../service/limits/rateLimits.js';
import type { Caller, Keyring } from './keys.js';
import { problem, type ProblemCode } from './problems.js';

/** Who calls, what the answer told them instead of what they asked for, and what is left to them. */
export type Variables = { Variables: { caller: Caller; problem?: ProblemCode; left?: readonly Left[] } };

/** Lets only callers with a key pass, and leaves in the context who they are. */
export function authenticate({ whoHas }: Keyring) {
  return createMiddleware<Variables>(async (c, next) => {
    const bearer = bearerOf(c);
    const caller = bearer === undefined ? undefined : await whoHas(bearer);
    if (!caller) return problem(c, 'unauthorized');
    c.set('caller', caller);
    return next();
  });
}

export function bearerOf(c: Context): string | undefined {
  return /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
}

export function allow(permission: Permission) {
  return createMiddleware<Variables>(async (c, next) =>
    isPermitted(c.get('caller').role, permission) ? next() : problem(c, 'forbidden'),
  );
}
