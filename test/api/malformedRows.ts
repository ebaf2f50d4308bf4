import type { RefusalCode } from '../../domain/refusals.js';
import { aDeposit } from '../support/shop.js';

const spending = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId: 'S-1' };

export type MalformedRow = [code: RefusalCode, pointer: string, call: 'issue' | 'apply' | 'refund' | 'cancel' | 'extend', body: unknown];

/** What the door turns away before any rule is asked: each its own code, and where in the body it is. */
export const malformedRows: MalformedRow[] = [
  ['invalid_amount',         '#/amountMinor', 'apply',  { ...spending, amountMinor: 0 }],
  ['invalid_amount',         '#/amountMinor', 'apply',  { ...spending, amountMinor: -1 }],
  ['invalid_amount',         '#/amountMinor', 'apply',  { ...spending, amountMinor: 1.5 }],
  ['invalid_amount',         '#/amountMinor', 'apply',  { ...spending, amountMinor: 1_000_000_000_001 }],
  ['invalid_amount',         '#/amountMinor', 'apply',  { ...spending, amountMinor: '100' }],
  ['invalid_amount',         '#/amountMinor', 'apply',  { ...spending, amountMinor: null }],
  ['invalid_amount',         '#/amountMinor', 'refund', { amountMinor: 1e300, currency: 'EUR', saleId: 'S-1' }],
  ['invalid_amount',         '#/amountMinor', 'issue',  { ...aDeposit, amountMinor: 0 }],
  ['invalid_amount',         '#/lines/0/amountMinor', 'apply', { ...spending, lines: [{ productId: 'p', amountMinor: 0 }] }],
  ['missing_field',          '#/amountMinor', 'apply',  { customerId: 'C-1', currency: 'EUR', saleId: 'S-1' }],
  ['missing_field',          '#/reason',      'cancel', { disposition: 'paid_out' }],
  ['invalid_currency',       '#/currency',    'issue',  { ...aDeposit, currency: 'DEM' }],
  ['invalid_currency',       '#/currency',    'apply',  { ...spending, currency: 'eur' }],
  ['invalid_id',             '#/saleId',      'apply',  { ...spending, saleId: '__proto__' }],
  ['invalid_id',             '#/saleId',      'apply',  { ...spending, saleId: 'constructor' }],
  ['invalid_id',             '#/saleId',      'apply',  { ...spending, saleId: 'x'.repeat(65) }],
  ['invalid_id',             '#/customerId',  'apply',  { ...spending, customerId: 'ada@shop.example' }],
  ['invalid_id',             '#/staffId',     'apply',  { ...spending, staffId: '' }],
  ['invalid_id',             '#/productId',   'issue',  { ...aDeposit, type: 'product_specific', productId: 'a b' }],
  ['product_id_required',    '#/productId',   'issue',  { ...aDeposit, type: 'product_specific' }],
  ['product_id_not_allowed', '#/productId',   'issue',  { ...aDeposit, productId: 'bike' }],
  ['invalid_expires_at',     '#/expiresAt',   'issue',  { ...aDeposit, expiresAt: 'soon' }],
  ['invalid_expires_at',     '#/expiresAt',   'issue',  { ...aDeposit, expiresAt: '2027-02-30' }],
  ['invalid_expires_at',     '#/expiresAt',   'extend', { expiresAt: 1_800_000_000, reason: 'x' }],
  ['invalid_text',           '#/notes',       'issue',  { ...aDeposit, notes: 'a\0b' }],
  ['invalid_text',           '#/notes',       'issue',  { ...aDeposit, notes: 'x'.repeat(2_001) }],
  ['invalid_text',           '#/reason',      'cancel', { disposition: 'paid_out', reason: 'x'.repeat(501) }],
  ['invalid_text',           '#/reason',      'cancel', { disposition: 'paid_out', reason: '\ud800' }],
  ['malformed_request',      '#/disposition', 'cancel', { disposition: 'burnt', reason: 'x' }],
  ['malformed_request',      '#/type',        'issue',  { ...aDeposit, type: 'special' }],
  ['unknown_field',          '#/discount',    'apply',  { ...spending, discount: 1 }],
  ['unknown_field',          '#/a~1b~0c',     'apply',  { ...spending, 'a/b~c': 1 }],
  ['malformed_request',      '#',             'apply',  []],
];
