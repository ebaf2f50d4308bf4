import { RecordsUnavailable, whileAway, within } from '../../db/outage.js';
import { findProduct } from '../../db/product/products.js';
import { findShop } from '../../db/shops.js';
import { readReference } from '../../domain/reference.js';
import { readPayment, type PaymentRead } from '../../service/payment/read.js';
import { showSlip } from '../../service/payment/slip.js';
import { BACK, tillIn } from '../http/backToTill.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { signedIn } from '../http/signedIn.js';
import { drawCode, type Code } from './slip/codes.js';
import { outcomes, papers, type Print } from './slip/address.js';
import { Slip } from './slip/page.js';

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
  const nowMs = parts.now();
  const [issuer, product, print] = await Promise.all([
    shopId === shop.shopId ? shop : within(PATIENCE_MS, findShop(parts.sql, shopId)),
    productId === null ? undefined : within(PATIENCE_MS, findProduct(parts.sql, productId)),
    printOf(c, parts, payment, nowMs),
  ]);
  return page(
    c,
    { title: reader.texts.slip.title },
    <Slip reader={reader} payment={payment} issuer={issuer ?? shop} product={product} print={print} nowMs={nowMs} />,
  );
}

/** For how long after the issue its page prints the first slip; whoever opens it later gets a copy. */
const FIRST_FOR_MS = 15 * 60 * 1_000;

/** Each address shows the first slip once: opened again it shows a copy, as does one that nobody can say that of. */
async function printOf(c: PageContext, parts: PageParts, payment: PaymentRead, nowMs: number): Promise<Print> {
  const paper = papers.find((each) => each === c.req.query('paper')) ?? '80';
  const till = tillIn(c.req.query(BACK));
  const [shown] = /^\d{1,6}$/.exec(c.req.query('first') ?? '') ?? [];
  const isLate = nowMs - Date.parse(payment.issuedAt) >= FIRST_FOR_MS;
  if (shown === undefined || isLate) return { kind: 'copy', paper, till, outcome: undefined };
  const outcome = outcomes.find((each) => each === c.req.query('done')) ?? 'yes';
  const next = await within(PATIENCE_MS, showSlip(parts, payment.reference, Number(shown))).catch(whileAway(undefined));
  return next === undefined ? { kind: 'copy', paper, till, outcome } : { kind: 'first', paper, till, outcome, next };
}

function draw(c: PageContext, code: Code): Response {
  const reference = readReference(c.req.param('reference') ?? '');
  if (reference === undefined) throw new NotFound();
  return c.body(drawCode(code, reference), 200, { 'Content-Type': 'image/svg+xml' });
}
