import { RecordsUnavailable, within } from '../../db/outage.js';
import { findProduct } from '../../db/product/products.js';
import { findShop } from '../../db/shops.js';
import { readReference } from '../../domain/reference.js';
import { readPayment } from '../../service/payment/read.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { signedIn } from '../http/signedIn.js';
import { drawCode, type Code } from './slip/codes.js';
import { outcomes, papers, Slip, type Print } from './slip/page.js';

/** What a customer takes home, and its codes, which are pictures at addresses of their own. */
export function slipRoutes(parts: PageParts): Pages {
  const readers = signedIn(parts.desk, 'read');
  return createRoutes()
    .get('/account-payments/:reference/slip', readers, (c) => show(c, parts))
    .get('/account-payments/:reference/barcode.svg', readers, (c) =>
      draw(c, c.req.query('turned') === undefined ? 'barcode' : 'turned_barcode'),
    )
    .get('/account-payments/:reference/qr.svg', readers, (c) => draw(c, 'qr'));
}

const PATIENCE_MS = 2_000;

async function show(c: PageContext, parts: PageParts): Promise<Response> {
  const reader = c.get('reader');
  const { shop } = c.get('session');
  const payment = await readPayment(parts, c.req.param('reference') ?? '', shop);
  if (payment === 'payment_not_found') throw new NotFound();
  if (payment === 'records_unavailable') throw new RecordsUnavailable('neither the payment nor the books answer');
  const { productId, shopId } = payment;
  const [issuer, product] = await Promise.all([
    shopId === shop.shopId ? shop : within(PATIENCE_MS, findShop(parts.sql, shopId)),
    productId === null ? undefined : within(PATIENCE_MS, findProduct(parts.sql, productId)),
  ]);
  const nowMs = parts.now();
  const print = printOf(c, payment.issuedAt, nowMs);
  return page(
    c,
    { title: reader.texts.slip.title },
    <Slip reader={reader} payment={payment} issuer={issuer ?? shop} product={product} print={print} nowMs={nowMs} />,
  );
}

/** For how long after the issue its page prints the first slip; whoever opens it later gets a copy. */
const FIRST_FOR_MS = 15 * 60 * 1_000;

function printOf(c: PageContext, issuedAt: string, nowMs: number): Print {
  const paper = papers.find((each) => each === c.req.query('paper')) ?? '80';
  const isFirst = c.req.query('first') !== undefined && nowMs - Date.parse(issuedAt) < FIRST_FOR_MS;
  if (!isFirst) return { kind: 'copy', paper };
  return { kind: 'first', paper, outcome: outcomes.find((each) => each === c.req.query('done')) ?? 'yes' };
}

function draw(c: PageContext, code: Code): Response {
  const reference = readReference(c.req.param('reference') ?? '');
  if (reference === undefined) throw new NotFound();
  return c.body(drawCode(code, reference), 200, { 'Content-Type': 'image/svg+xml' });
}
