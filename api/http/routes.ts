import { createRoute, type RouteConfig, type z } from '@hono/zod-openapi';
import type { Permission } from '../../domain/roles.js';
import { allow } from './access.js';
import {
  json,
  keyHeaders,
  otherwise,
  otherwiseOfCommand,
  otherwiseOfEntry,
  type Answers,
  type Documented,
} from './documents.js';

type Call<Path extends string> = {
  readonly path: Path;
  readonly operationId: string;
  readonly summary: string;
  readonly permission: Permission;
};

/** The route of a call that only tells. */
export function readingRoute<
  const Path extends string,
  const Request extends Pick<NonNullable<RouteConfig['request']>, 'params' | 'query'>,
>({
  permission,
  answer,
  ...call
}: Omit<Call<Path>, 'permission'> &
  Partial<Pick<Call<Path>, 'permission'>> & { readonly request: Request; readonly answer: Documented }) {
  return createRoute({
    ...call,
    method: 'get',
    middleware: [allow(permission ?? 'read')] as const,
    responses: { 200: answer, ...otherwise },
  });
}

/** The route of a call that moves money: it needs a key. */
export function keyedRoute<const Path extends string, Params extends z.ZodObject, Body extends z.ZodType>({
  permission,
  params,
  body,
  answers,
  ...call
}: Call<Path> & {
  readonly params: Params;
  readonly body: Body;
  readonly answers: Answers;
}) {
  return createRoute({
    ...call,
    method: 'post',
    middleware: [allow(permission)] as const,
    request: { params, headers: keyHeaders, body: json(body) },
    responses: { ...answers, ...otherwiseOfCommand },
  });
}

/** The route of a call by which finance enters something. It needs no key: entered again it counts as once. */
export function entryRoute<const Path extends string, Body extends z.ZodType>({
  body,
  answers,
  ...call
}: Omit<Call<Path>, 'permission'> & { readonly body: Body; readonly answers: Answers }) {
  return createRoute({
    ...call,
    method: 'post',
    middleware: [allow('enter')] as const,
    request: { body: json(body) },
    responses: { ...answers, ...otherwiseOfEntry },
  });
}
