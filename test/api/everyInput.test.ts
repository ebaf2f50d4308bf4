import { Ajv2020 } from 'ajv/dist/2020.js';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop } from '../support/shop.js';
import { badCursors, badJson, badTexts } from './badValues.js';

type Schema = {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  example?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  format?: string;
  pattern?: string;
};
type Parameter = { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema };
type Operation = {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, unknown>;
};
type Problem = { code?: string; errors?: { pointer?: string; parameter?: string }[] };

let shop: Shop;
let schemas: Record<string, Schema>;
const calls = new Map<string, { method: string; path: string; operation: Operation }>();
beforeAll(async () => {
  shop = await openShop();
  const documents = (await (await shop.app.request('/openapi.json')).json()) as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Schema> };
  };
  ({ schemas } = documents.components);
  for (const [path, methods] of Object.entries(documents.paths))
    for (const [method, operation] of Object.entries(methods))
      if (path.startsWith('/v1/')) calls.set(operation.operationId, { method: method.toUpperCase(), path, operation });
});
afterAll(() => shop.close());

const resolved = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : resolved(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const validators = new Map<Schema, (value: unknown) => boolean>();
function fits(schema: Schema, value: unknown): boolean {
  const validate = validators.get(schema) ?? ajv.compile<unknown>({ ...schema, components: { schemas } });
  validators.set(schema, validate);
  return validate(value);
}

/** Where a request holds a value, and how one with another value there is made. */
type Spot = {
  readonly name: string;
  readonly schema: Schema;
  readonly at: 'path' | 'query' | 'header' | 'body';
  /** `written` is the value as an address or a body holds it. */
  readonly put: (request: Request_, written: string) => Request_;
};
type Request_ = {
  path: Record<string, string>;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: unknown;
};

function exampleOf({ schema }: Parameter): string {
  const { example } = resolved(schema);
  return typeof example === 'string' ? example : 'x';
}

/** A request that the documents show, and that would be answered. */
function shown({ parameters = [], requestBody }: Operation): Request_ {
  const named = (where: string) =>
    Object.fromEntries(
      parameters.filter((each) => each.in === where && each.required).map((each) => [each.name, exampleOf(each)]),
    );
  const body = requestBody && resolved(requestBody.content['application/json']?.schema ?? {}).example;
  return { path: named('path'), query: named('query'), headers: { prefer: 'wait=0' }, body };
}

/** Raw text in a body, which JSON.stringify could not write. */
const MARK = 'here-it-stands';

function spotsOf({ parameters = [], requestBody }: Operation): Spot[] {
  const ofParameters = parameters.map(({ name, in: at, schema }): Spot => ({
    name,
    at,
    schema,
    put: (request, written) => {
      const part = at === 'header' ? 'headers' : at;
      return { ...request, [part]: { ...request[part], [name]: written } };
    },
  }));
  const body = requestBody?.content['application/json']?.schema;
  return body ? [...ofParameters, ...spotsIn(body, '#', shown({ requestBody } as Operation).body)] : ofParameters;
}

/** Every field of a body, those of its lists too, and the body itself. */
function spotsIn(schema: Schema, pointer: string, example: unknown): Spot[] {
  const { properties = {}, items } = resolved(schema);
  const at: Spot = {
    name: pointer,
    at: 'body',
    schema,
    put: (request) => ({ ...request, body: withMark(request.body, pointer.split('/').slice(1)) }),
  };
  const fields = Object.entries(properties).flatMap(([name, each]) =>
    spotsIn(each, `${pointer}/${name}`, (example as Record<string, unknown> | undefined)?.[name]),
  );
  return [at, ...fields, ...(items ? spotsIn(items, `${pointer}/0`, undefined) : [])];
}

function withMark(body: unknown, [step, ...rest]: string[]): unknown {
  if (step === undefined) return MARK;
  if (step === '0') return [withMark((body as unknown[] | undefined)?.[0] ?? {}, rest)];
  const fields = (body ?? {}) as Record<string, unknown>;
  return { ...fields, [step]: withMark(fields[step], rest) };
}

async function send(method: string, path: string, request: Request_, written: string) {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => escaped(request.path[name] ?? ''));
  const query = Object.entries(request.query).map(([name, value]) => `${name}=${escaped(value)}`);
  const body = JSON.stringify(request.body)?.replaceAll(`"${MARK}"`, () => written);
  const headers = { ...(method === 'POST' && { 'Idempotency-Key': randomUUID() }), ...request.headers };
  const key = await nextKey();
  return shop.request<Problem>(method, `${address}?${query.join('&')}`, { headers, key, ...(body && { body }) });
}

/** One caller alone would send more of this than anybody may. */
const PER_CALLER = 300;
let sent = 0;
let ofCaller: Promise<string>;
function nextKey(): Promise<string> {
  if (sent % PER_CALLER === 0) ofCaller = shop.keyOf('admin', `admin-${sent}`);
  sent += 1;
  return ofCaller;
}

/** No address holds it: what stands for it there makes all of the address malformed. */
const HALF = '\ud800';

/** Also what is no text at all: half a character as its three bytes. */
function escaped(value: string): string {
  return value === HALF ? '%ED%A0%80' : encodeURIComponent(value);
}

/** What an address holds, as the documents speak of it. */
function meant({ type }: Schema, written: string): unknown {
  if (type === 'integer') return written.trim() === '' ? written : Number(written);
  return type === 'array' ? [written] : written;
}

const names = [
  ...['issue', 'list', 'read', 'changeNotes', 'apply', 'refund', 'cancel', 'expire', 'extend', 'payOut', 'freeze'],
  ...['thaw', 'reinstate', 'reissue', 'usages', 'movements', 'commands', 'command', 'customerAccount', 'getCustomer'],
  'customerData',
  ...['explanation', 'report', 'reportMovements', 'reports', 'closeMonth', 'closes', 'reopenMonth'],
  ...['enterAccountCode', 'enterBreakageRate', 'enterLedgerBalance', 'enterLedgerSettings', 'enterTaxRate'],
  ...['listAccountCodes', 'listBreakageRates', 'listLedgerBalances', 'listLedgerSettings', 'listTaxRates'],
  ...['exportFile', 'listExports', 'makeExport'],
  ...['putCustomer', 'searchCustomers', 'getProduct', 'putProduct', 'searchProducts', 'applicablePayments'],
  ...[
    'quoteSale',
    'holdSale',
    'captureSale',
    'releaseSale',
    'settleSale',
    'returnSale',
    'readSale',
    'give',
    'readGift',
  ],
];

test('every call is tried', () => expect([...calls.keys()].sort()).toEqual([...names].sort()));

/** Spots that are filled all at once: a call tells everything that is wrong in one part of a request. */
function groupsOf(operation: Operation): Spot[][] {
  const spots = spotsOf(operation);
  const isLeaf = ({ schema, name }: Spot) =>
    name !== 'cursor' && resolved(schema).properties === undefined && resolved(schema).items === undefined;
  const together = (['query', 'body'] as const).map((at) => spots.filter((spot) => spot.at === at && isLeaf(spot)));
  const alone = spots.filter((spot) => !together.flat().includes(spot)).map((spot) => [spot]);
  return [...together.filter((group) => group.length > 0), ...alone];
}

const valuesFor = ({ at, name }: Spot): readonly string[] =>
  at === 'body' ? badJson : name === 'cursor' ? [...badTexts, ...badCursors] : badTexts;

/** What fits goes all the way, to Temporal and back: a few of them are enough. */
const MOST_FITTING = 3;

test.each(names)('%s: what its documents do not allow is malformed, and nothing is a bug', async (name) => {
  const { method, path, operation } = calls.get(name) ?? expect.fail();
  const offences: string[] = [];
  for (const group of groupsOf(operation)) {
    const [first] = group;
    if (!first) continue;
    let fitting = 0;
    for (const written of valuesFor(first)) {
      if (first.at === 'header' && !/^[\t -~]*$/.test(written)) continue;
      // An address in which a parameter is empty, or leads elsewhere, is another address.
      if (first.at === 'path' && /^\.{0,2}$/.test(written)) continue;
      const value = (spot: Spot): unknown =>
        spot.at === 'body' ? JSON.parse(written) : meant(resolved(spot.schema), written);
      const wrong = group.filter((spot) => !fits(spot.schema, value(spot))).map((spot) => spot.name);
      if (wrong.length === 0 && ++fitting > MOST_FITTING) continue;
      const request = group.reduce((request, spot) => spot.put(request, written), shown(operation));
      const { status, body } = await send(method, path, request, written);
      const told = body.errors?.map(({ pointer, parameter }) => pointer ?? parameter ?? '') ?? [];
      const isTold =
        wrong.length === 0 ||
        (status === 404 && first.at === 'path') ||
        (status === 400 && (first.at === 'header' || written === HALF));
      const untold = isTold ? [] : wrong.filter((each) => !told.some((one) => one.startsWith(each)));
      if (status >= 500 || !(String(status) in operation.responses) || untold.length > 0)
        offences.push(`${written.slice(0, 60)}: ${status} ${body.code}, and nothing of ${untold.join(', ')}`);
    }
  }
  expect(offences).toEqual([]);
});

/** What fits by itself, and not beside the rest of the example. */
const dependent = new Set([
  ...['issue #/validThrough', 'issue #/productId', 'issue #/receiptId', 'extend #/validThrough'],
  'refund #/amountMinor',
]);

/** The outermost values of a schema. */
function edgesOf(schema: Schema): unknown[] {
  const { enum: members, type, minimum, maximum, maxLength, format, pattern = '' } = resolved(schema);
  if (members) return [members[0], members.at(-1)];
  if (type === 'integer') return [minimum, maximum];
  if (format === 'date') return ['1970-01-01', '9998-12-31'];
  if (format === 'date-time') return ['1970-01-01T00:00:00Z', '9998-12-31T23:59:59.999+12:00'];
  if (maxLength === undefined) return [];
  return ['x', 'x'.repeat(maxLength), ...(pattern.startsWith('^[^') ? ['💶'.repeat(maxLength)] : [])];
}

test.each(names)('%s: the outermost that its documents allow is not malformed', async (name) => {
  const { method, path, operation } = calls.get(name) ?? expect.fail();
  const offences: string[] = [];
  for (const spot of spotsOf(operation).filter(({ at }) => at !== 'header'))
    for (const edge of edgesOf(spot.schema)) {
      expect(fits(spot.schema, edge), `${spot.name} ${String(edge)}`).toBe(true);
      const written = spot.at === 'body' ? JSON.stringify(edge) : String(edge);
      const { body } = await send(method, path, spot.put(shown(operation), written), written);
      const isNamed = body.errors?.some(({ pointer, parameter }) => (pointer ?? parameter) === spot.name) ?? false;
      if (isNamed && !dependent.has(`${name} ${spot.name}`)) offences.push(`${spot.name} = ${written.slice(0, 60)}`);
    }
  expect(offences).toEqual([]);
});
