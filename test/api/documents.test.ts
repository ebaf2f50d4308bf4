import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.js';
import { aDeposit, openShop, type Reply, type Shop } from '../support/shop.js';

type Schema = Record<string, unknown>;
type Operation = {
  operationId: string;
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<
    string,
    {
      content?: Record<string, { schema: Schema }>;
      links?: Record<string, { operationId: string; parameters: Record<string, string> }>;
    }
  >;
  parameters?: { name: string; in: string; example?: unknown; schema?: { example?: unknown } }[];
};
type Documents = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

let shop: Shop;
let documents: Documents;
beforeAll(async () => {
  shop = await openShop();
  documents = (await (await shop.app.request('/openapi.json')).json()) as Documents;
});
afterAll(() => shop.close());

const operations = () =>
  Object.entries(documents.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );

/** A check of a value against a schema of the documents. */
function fits(schema: Schema, value: unknown): string {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const validate = ajv.compile({ ...schema, components: documents.components });
  return validate(value) ? '' : JSON.stringify(validate.errors);
}

/** Of the first of a list of commands. */
const anAddress = async (list: string) => {
  const { body } = await shop.get<{ items: { commandId: string }[] }>(list);
  return `${list}/${body.items[0]?.commandId}`;
};
const holdOf = async (saleId: string) => {
  const { body } = await shop.get<{ sale: { holdId: string } }>(`/sales/${saleId}`);
  return { holdId: body.sale.holdId };
};
const capture = async (saleId: string) => shop.post(`/sales/${saleId}/capture`, await holdOf(saleId));

test('the documents are OpenAPI 3.1 and know every call, each with its own name', () => {
  expect(documents.openapi).toBe('3.1.0');
  const names = operations().map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  expect(names.sort()).toEqual(
    [
      'applicablePayments',
      'apply',
      'cancel',
      'captureSale',
      'changeNotes',
      'command',
      'commands',
      'customerAccount',
      'customerData',
      'enterAccountCode',
      'enterBreakageRate',
      'enterLedgerBalance',
      'enterLedgerSettings',
      'enterTaxRate',
      'expire',
      'explanation',
      'exportFile',
      'extend',
      'freeze',
      'getCustomer',
      'getProduct',
      'give',
      'health',
      'holdSale',
      'issue',
      'list',
      'listAccountCodes',
      'listBreakageRates',
      'listExports',
      'listLedgerBalances',
      'listLedgerSettings',
      'listTaxRates',
      'makeExport',
      'metrics',
      'movements',
      'payOut',
      'putCustomer',
      'putProduct',
      'quoteSale',
      'read',
      'readSale',
      'readGift',
      'ready',
      'refund',
      'reinstate',
      'reissue',
      'releaseSale',
      'report',
      'reportMovements',
      'reports',
      'closes',
      'closeMonth',
      'reopenMonth',
      'returnSale',
      'searchCustomers',
      'searchProducts',
      'settleSale',
      'thaw',
      'usages',
    ].sort(),
  );
});

test('what fuzzing knows of cursors, which no schema can, it knows of each call that takes one', async () => {
  const config = await readFile('scripts/fuzz/schemathesis.toml', 'utf8');
  const [, told = ''] = /include-operation-id = \[([^\]]*)\]/.exec(config) ?? [];
  const taking = operations().filter(({ parameters = [] }) => parameters.some(({ name }) => name === 'cursor'));
  expect(taking.length).toBeGreaterThan(4);
  expect(taking.map(({ operationId }) => operationId).filter((id) => !told.includes(`"${id}"`))).toEqual([]);
});

test('every call that moves money is documented to need its key', () => {
  const needless = (path: string) => path.startsWith('/v1/finance/') || path.endsWith('/quote');
  const commands = operations().filter(({ method, path }) => method === 'post' && !needless(path));
  expect(commands).toHaveLength(19);
  for (const { parameters = [], operationId } of commands) {
    expect(
      parameters.find(({ name }) => name === 'idempotency-key'),
      operationId,
    ).toMatchObject({ in: 'header', required: true });
  }
});

test('every call that takes a body has an example that it accepts', () => {
  const bodies = operations().filter(({ requestBody }) => requestBody);
  expect(bodies.length).toBe(29);
  for (const { requestBody, operationId } of bodies) {
    const schema = requestBody?.content['application/json']?.schema ?? {};
    const resolved =
      '$ref' in schema ? documents.components.schemas[String(schema['$ref']).split('/').at(-1) ?? ''] : schema;
    expect(resolved?.['example'], operationId).toBeDefined();
    expect(fits(resolved ?? {}, resolved?.['example']), operationId).toBe('');
  }
});

const ALL_DAYS = 'fromDay=2020-01-01&toDay=2099-12-31';

test('what the calls answer is what the documents say', async () => {
  const { reference } = await shop.issue({ notes: 'x', staffId: 'anna' });
  const at = `/v1/account-payments/${reference}`;
  const spending = { customerId: 'C-1', amountMinor: 10, currency: 'EUR', saleId: 'S' };
  const basket = { customerId: 'C-1', currency: 'EUR', lines: [{ productId: 'bike', amountMinor: 1_000 }] };
  const gift = await shop.post<{ gift: { giftId: string } }>('/v1/gifts', {
    reference,
    customerId: 'C-1',
    toCustomerId: 'C-2',
    amountMinor: 5,
    currency: 'EUR',
  });
  const replies: [string, string, { status: number; body: unknown }][] = [
    ['post', '/v1/account-payments/{reference}/apply', await shop.post(`${at}/apply`, spending)],
    [
      'post',
      '/v1/account-payments/{reference}/apply',
      await shop.post(`${at}/apply`, { ...spending, amountMinor: 99_999_999 }),
    ],
    ['post', '/v1/account-payments/{reference}/apply', await shop.post(`${at}/apply`, { ...spending, amountMinor: 0 })],
    [
      'post',
      '/v1/account-payments/{reference}/refund',
      await shop.post(`${at}/refund`, { customerId: 'C-1', amountMinor: 10, currency: 'EUR', saleId: 'S' }),
    ],
    [
      'post',
      '/v1/account-payments/{reference}/extend',
      await shop.post(`${at}/extend`, { customerId: 'C-1', expiresAt: null, reason: 'x' }),
    ],
    ['get', '/v1/account-payments/{reference}', await shop.get(at)],
    ['patch', '/v1/account-payments/{reference}', await shop.request('PATCH', at, { body: { notes: null } })],
    ['get', '/v1/account-payments', await shop.get('/v1/account-payments')],
    ['get', '/v1/account-payments/{reference}/usages', await shop.get(`${at}/usages`)],
    ['get', '/v1/account-payments/{reference}/movements', await shop.get(`${at}/movements`)],
    ['get', '/v1/account-payments/{reference}/explanation', await shop.get(`${at}/explanation`)],
    ['get', '/v1/account-payments/{reference}/commands', await shop.get(`${at}/commands`)],
    ['get', '/v1/account-payments/{reference}/commands/{commandId}', await shop.get(await anAddress(`${at}/commands`))],
    ['put', '/v1/customers/{id}', await shop.request('PUT', '/v1/customers/C-1', { body: { name: 'Ada' } })],
    ['get', '/v1/customers/{id}', await shop.get('/v1/customers/C-1')],
    ['get', '/v1/customers', await shop.get('/v1/customers?q=ada')],
    ['get', '/v1/customers/{id}/account', await shop.get('/v1/customers/C-1/account')],
    ['get', '/v1/customers/{id}/data', await shop.get('/v1/customers/C-1/data')],
    [
      'get',
      '/v1/customers/{id}/applicable-payments',
      await shop.get('/v1/customers/C-1/applicable-payments?currency=EUR'),
    ],
    ['put', '/v1/products/{id}', await shop.request('PUT', '/v1/products/bike', { body: { name: 'Bike' } })],
    ['get', '/v1/products/{id}', await shop.get('/v1/products/bike')],
    ['get', '/v1/products', await shop.get('/v1/products?q=bike')],
    ['post', '/v1/sales/{saleId}/quote', await shop.post('/v1/sales/S-doc-1/quote', basket)],
    [
      'post',
      '/v1/sales/{saleId}/hold',
      await shop.post('/v1/sales/S-doc-1/hold', { ...basket, payments: [{ reference, amountMinor: 10 }] }),
    ],
    [
      'post',
      '/v1/sales/{saleId}/hold',
      await shop.post('/v1/sales/S-doc-2/hold', {
        ...basket,
        payments: [
          { reference, amountMinor: 900 },
          { reference: 'ACC-20200101-00000000', amountMinor: 1 },
        ],
      }),
    ],
    ['post', '/v1/sales/{saleId}/capture', await capture('S-doc-1')],
    [
      'post',
      '/v1/sales/{saleId}/return',
      await shop.post('/v1/sales/S-doc-1/return', { currency: 'EUR', amountMinor: 4 }),
    ],
    ['get', '/v1/sales/{saleId}', await shop.get('/v1/sales/S-doc-1')],
    ['get', '/v1/reports', await shop.get('/v1/reports')],
    ['get', '/v1/closes', await shop.get('/v1/closes')],
    ['get', '/v1/reports/{name}', await shop.get(`/v1/reports/tenders?${ALL_DAYS}`)],
    [
      'get',
      '/v1/reports/{name}/movements',
      await shop.get(`/v1/reports/tenders/movements?${ALL_DAYS}&figure=takenMinor`),
    ],
    ['get', '/v1/finance/account-codes', await shop.get('/v1/finance/account-codes')],
    ['get', '/v1/finance/tax-rates', await shop.get('/v1/finance/tax-rates')],
    ['get', '/v1/finance/breakage-rates', await shop.get('/v1/finance/breakage-rates')],
    ['get', '/v1/finance/ledger-balances', await shop.get('/v1/finance/ledger-balances')],
    ['get', '/v1/finance/ledger-settings', await shop.get('/v1/finance/ledger-settings')],
    ['get', '/v1/finance/exports', await shop.get('/v1/finance/exports')],
    ['get', '/v1/finance/exports/{number}/files/{position}', await shop.get('/v1/finance/exports/1/files/1')],
    ['post', '/v1/gifts', gift],
    ['get', '/v1/gifts/{giftId}', await shop.get(`/v1/gifts/${gift.body.gift.giftId}`)],
    [
      'post',
      '/v1/account-payments/{reference}/cancel',
      await shop.post(`${at}/cancel`, { customerId: 'C-1', disposition: 'paid_out', tender: 'cash', reason: 'x' }),
    ],
  ];
  const told = new Set(replies.map(([method, path]) => `${method} ${path}`));
  const reads = operations().filter(({ method, path }) => method === 'get' && path.startsWith('/v1/'));
  expect(reads.map(({ path }) => path).filter((path) => !told.has(`get ${path}`))).toEqual([]);
  for (const [method, path, { status, body }] of replies) {
    const responses = documents.paths[path]?.[method]?.responses ?? {};
    const content = responses[String(status)]?.content ?? {};
    const schema = (content['application/json'] ?? content['application/problem+json'])?.schema ?? { not: {} };
    expect(fits(schema, body), `${method} ${path} ${status}`).toBe('');
  }
});

test('a tool can walk from any answer to what it links to', async () => {
  const { reference } = await shop.issue({ customerId: 'W' });
  const basket = {
    customerId: 'W',
    currency: 'EUR',
    lines: [{ productId: 'bike', amountMinor: 100 }],
    payments: [{ reference, amountMinor: 100 }],
  };
  const named = { customerId: 'W', reason: 'agreed' };
  const over = await shop.issue({ customerId: 'W' });
  await shop.post(`/account-payments/${over.reference}/expire`, { reason: 'agreed' });
  const worn = await shop.issue({ customerId: 'W' });
  const answers: Record<string, Reply> = {
    reinstate: await shop.post(`/account-payments/${over.reference}/reinstate`, named),
    reissue: await shop.post(`/account-payments/${worn.reference}/reissue`, named),
    issue: await shop.post('/account-payments', { ...aDeposit, customerId: 'W' }),
    read: await shop.get(`/account-payments/${reference}`),
    apply: await shop.post(`/account-payments/${reference}/apply`, {
      customerId: 'W',
      amountMinor: 5,
      currency: 'EUR',
      saleId: 'W-0',
    }),
    refund: await shop.post(`/account-payments/${reference}/refund`, {
      customerId: 'W',
      amountMinor: 5,
      currency: 'EUR',
      saleId: 'W-0',
    }),
    holdSale: await shop.post('/sales/W-1/hold', basket),
    captureSale: await capture('W-1'),
    settleSale: await shop.post('/sales/W-2/settle', basket),
    returnSale: await shop.post('/sales/W-2/return', { currency: 'EUR' }),
    readSale: await shop.get('/sales/W-1'),
    releaseSale:
      (await shop.post('/sales/W-3/hold', basket), await shop.post('/sales/W-3/release', await holdOf('W-3'))),
    give: await shop.post('/gifts', { reference, customerId: 'W', toCustomerId: 'V', amountMinor: 5, currency: 'EUR' }),
  };
  const linking = operations().flatMap(({ operationId, responses }) =>
    Object.entries(responses).flatMap(([status, { links = {} }]) =>
      Object.values(links).map((link) => ({ operationId, status, link })),
    ),
  );
  expect(new Set(linking.map(({ operationId }) => operationId))).toEqual(new Set(Object.keys(answers)));
  for (const { operationId, status, link } of linking) {
    const answer = answers[operationId];
    expect(String(answer?.status), operationId).toBe(status);
    const target = operations().find((each) => each.operationId === link.operationId);
    expect(target?.method, link.operationId).toBe('get');
    const address = Object.entries(link.parameters).reduce((path, [name, expression]) => {
      const value = String(
        expression
          .replace('$response.body#/', '')
          .split('/')
          .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], answer?.body),
      );
      return path.includes(`{${name}}`) ? path.replace(`{${name}}`, value) : `${path}?${name}=${value}`;
    }, target?.path ?? '');
    const reached = await shop.get<{ items?: unknown[] }>(address);
    expect(reached.status, `${operationId} to ${address}`).toBe(200);
    if (link.operationId === 'list') expect(reached.body.items, operationId).toMatchObject([{ reference }]);
  }
});

test('the page shows every call, and everything on it comes from here', async () => {
  const browser = await openBrowser(shop);
  try {
    const page = await browser.open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto('/docs');
    await page.waitForSelector('#operations-default-apply');
    expect(await page.locator('.opblock').count()).toBe(operations().length);
    expect(asked.filter((url) => !url.startsWith(browser.origin) && !url.startsWith('data:'))).toEqual([]);
    expect(browser.complaints).toEqual([]);
    if (process.env['PICTURES'])
      await page.screenshot({ path: join(process.env['PICTURES'], 'docs.png'), fullPage: true });
  } finally {
    await browser.close();
  }
});
