import { createRoute, z } from '@hono/zod-openapi';
import {
  findCustomer,
  findProduct,
  putCustomer,
  putProduct,
  searchCustomers,
  searchProducts,
} from '../../db/customer/names.js';
import { within } from '../../db/outage.js';
import { fields } from '../../workflows/fields.js';
import { allow } from '../http/access.js';
import { createCalls, type App } from '../http/calls.js';
import type { Parts } from '../../service/parts.js';
import { limit } from '../http/cursor.js';
import { problem } from '../http/problems.js';
import { answers, f, json, otherwise } from '../payment/schemas.js';

const PATIENCE_MS = 2_000;

const named = { name: z.string(), updatedAt: z.string().openapi({ format: 'date-time' }) };
const customerSchema = z.object({ customerId: z.string(), ...named }).openapi('Customer');
const productSchema = z.object({ productId: z.string(), ...named }).openapi('Product');

const id = (example: string) => fields.id.meta({ type: 'string', example });
const customerParam = z.object({ id: id('C-1001') });
const productParam = z.object({ id: id('BIKE-7') });
const name = (example: string) => json(z.strictObject({ name: f.name }).openapi({ example: { name: example } }));

const putCustomerRoute = createRoute({
  method: 'put',
  path: '/customers/{id}',
  operationId: 'putCustomer',
  summary: "Set a customer's name",
  middleware: [allow('manage')] as const,
  request: { params: customerParam, body: name('Ada Lovelace') },
  responses: { 200: answers('Set', customerSchema), ...otherwise },
});

const getCustomerRoute = createRoute({
  method: 'get',
  path: '/customers/{id}',
  operationId: 'getCustomer',
  summary: "Read a customer's name",
  middleware: [allow('read')] as const,
  request: { params: customerParam },
  responses: { 200: answers('It is there', customerSchema), ...otherwise },
});

const putProductRoute = createRoute({
  method: 'put',
  path: '/products/{id}',
  operationId: 'putProduct',
  summary: "Set a product's name",
  middleware: [allow('manage')] as const,
  request: { params: productParam, body: name('Touring bike, blue') },
  responses: { 200: answers('Set', productSchema), ...otherwise },
});

const getProductRoute = createRoute({
  method: 'get',
  path: '/products/{id}',
  operationId: 'getProduct',
  summary: "Read a product's name",
  middleware: [allow('read')] as const,
  request: { params: productParam },
  responses: { 200: answers('It is there', productSchema), ...otherwise },
});

const search = z.strictObject({
  q: f.q,
  limit,
});

const searchCustomersRoute = createRoute({
  method: 'get',
  path: '/customers',
  operationId: 'searchCustomers',
  summary: 'Find customers by name or id',
  middleware: [allow('read')] as const,
  request: { query: search },
  responses: { 200: answers('Those found, by name', z.object({ items: z.array(customerSchema) })), ...otherwise },
});

const searchProductsRoute = createRoute({
  method: 'get',
  path: '/products',
  operationId: 'searchProducts',
  summary: 'Find products by name or id',
  middleware: [allow('read')] as const,
  request: { query: search },
  responses: { 200: answers('Those found, by name', z.object({ items: z.array(productSchema) })), ...otherwise },
});

/** The names that people read; the shop's own systems keep them up to date. */
export function nameCalls({ sql }: Parts): App {
  const calls = createCalls();
  calls.openapi(searchCustomersRoute, async (c) => {
    const { q, limit: most } = c.req.valid('query');
    return c.json({ items: await within(PATIENCE_MS, searchCustomers(sql, q, most)) }, 200);
  });
  calls.openapi(searchProductsRoute, async (c) => {
    const { q, limit: most } = c.req.valid('query');
    return c.json({ items: await within(PATIENCE_MS, searchProducts(sql, q, most)) }, 200);
  });
  calls.openapi(putCustomerRoute, async (c) =>
    c.json(await within(PATIENCE_MS, putCustomer(sql, c.req.valid('param').id, c.req.valid('json').name)), 200),
  );
  calls.openapi(getCustomerRoute, async (c) => {
    const customer = await within(PATIENCE_MS, findCustomer(sql, c.req.valid('param').id));
    return customer ? c.json(customer, 200) : problem(c, 'customer_not_found');
  });
  calls.openapi(putProductRoute, async (c) =>
    c.json(await within(PATIENCE_MS, putProduct(sql, c.req.valid('param').id, c.req.valid('json').name)), 200),
  );
  calls.openapi(getProductRoute, async (c) => {
    const product = await within(PATIENCE_MS, findProduct(sql, c.req.valid('param').id));
    return product ? c.json(product, 200) : problem(c, 'product_not_found');
  });
  return calls;
}
