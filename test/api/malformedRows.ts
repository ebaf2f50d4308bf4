import type { RefusalCode } from '../../domain/refusals.js';
import { aDeposit } from '../support/shop.js';

const spending = { customerId: 'C-1', amountMinor: 100, currency: 'EUR', saleId: 'S-1' };

export type MalformedRow = [code: RefusalCode, pointer: string, call: keyof typeof pathOf, body: unknown];

/** Where each call is; those on a payment come after its reference. */
export const pathOf = {
  issue: '/account-payments',
  apply: '/account-payments/{reference}/apply',
  refund: '/account-payments/{reference}/refund',
  cancel: '/account-payments/{reference}/cancel',
  extend: '/account-payments/{reference}/extend',
  ...{
    quote: '/sales/S-bad-input/quote',
    hold: '/sales/S-bad-input/hold',
    settle: '/sales/S-bad-input/settle',
    capture: '/sales/S-bad-input/capture',
    return: '/sales/S-bad-input/return',
  },
  give: '/gifts',
} as const;

const reference = 'ACC-20261123-7KQ2M9XB';
const line = { productId: 'bike', amountMinor: 500 };
const basket = { customerId: 'C-1', currency: 'EUR', lines: [line] };
const sale = { ...basket, payments: [{ reference, amountMinor: 500 }] };
const gift = { reference, customerId: 'C-1', toCustomerId: 'C-2', amountMinor: 100, currency: 'EUR' };

/** What the door turns away before any rule is asked: each its own code, and where in the body it is. */
export const malformedRows: MalformedRow[] = [
  ['invalid_amount', '#/amountMinor', 'apply', { ...spending, amountMinor: 0 }],
  ['invalid_amount', '#/amountMinor', 'apply', { ...spending, amountMinor: -1 }],
  ['invalid_amount', '#/amountMinor', 'apply', { ...spending, amountMinor: 1.5 }],
  ['invalid_amount', '#/amountMinor', 'apply', { ...spending, amountMinor: 1_000_000_000_001 }],
  ['invalid_amount', '#/amountMinor', 'apply', { ...spending, amountMinor: '100' }],
  ['invalid_amount', '#/amountMinor', 'apply', { ...spending, amountMinor: null }],
  [
    'invalid_amount',
    '#/amountMinor',
    'refund',
    { customerId: 'C-1', amountMinor: 1e300, currency: 'EUR', saleId: 'S-1' },
  ],
  ['invalid_amount', '#/amountMinor', 'issue', { ...aDeposit, amountMinor: 0 }],
  ['invalid_amount', '#/lines/0/amountMinor', 'apply', { ...spending, lines: [{ productId: 'p', amountMinor: 0 }] }],
  ['missing_field', '#/amountMinor', 'apply', { customerId: 'C-1', currency: 'EUR', saleId: 'S-1' }],
  ['missing_field', '#/reason', 'cancel', { customerId: 'C-1', disposition: 'paid_out', tender: 'cash' }],
  ['invalid_currency', '#/currency', 'issue', { ...aDeposit, currency: 'DEM' }],
  ['invalid_currency', '#/currency', 'apply', { ...spending, currency: 'eur' }],
  ['invalid_id', '#/saleId', 'apply', { ...spending, saleId: '..' }],
  ['invalid_id', '#/saleId', 'apply', { ...spending, saleId: ' S-1' }],
  ['invalid_id', '#/saleId', 'apply', { ...spending, saleId: 'x'.repeat(129) }],
  ['invalid_id', '#/customerId', 'apply', { ...spending, customerId: 'ada@shop.example' }],
  ['invalid_id', '#/staffId', 'apply', { ...spending, staffId: '' }],
  ['invalid_id', '#/productId', 'issue', { ...aDeposit, type: 'product_specific', productId: 'é' }],
  ['product_id_required', '#/productId', 'issue', { ...aDeposit, type: 'product_specific' }],
  ['product_id_not_allowed', '#/productId', 'issue', { ...aDeposit, productId: 'bike' }],
  ['invalid_tax_code', '#/taxCode', 'issue', { ...aDeposit, taxCode: 'x'.repeat(33) }],
  ['invalid_tax_code', '#/lines/0/taxCode', 'settle', { ...sale, lines: [{ ...line, taxCode: '' }] }],
  ['tender_not_allowed', '#/tender', 'issue', { ...aDeposit, purpose: 'store_credit', tender: 'cash' }],
  ['tender_not_allowed', '#/tender', 'issue', { ...aDeposit, funding: 'goodwill', tender: 'cash' }],
  ['receipt_id_not_allowed', '#/receiptId', 'issue', { ...aDeposit, receiptId: 'R-1' }],
  ['invalid_expires_at', '#/expiresAt', 'issue', { ...aDeposit, expiresAt: 'soon' }],
  ['invalid_expires_at', '#/expiresAt', 'issue', { ...aDeposit, expiresAt: '2027-02-30' }],
  ['invalid_expires_at', '#/expiresAt', 'extend', { customerId: 'C-1', expiresAt: 1_800_000_000, reason: 'x' }],
  ['invalid_text', '#/notes', 'issue', { ...aDeposit, notes: 'a\0b' }],
  ['invalid_text', '#/notes', 'issue', { ...aDeposit, notes: 'x'.repeat(2_001) }],
  [
    'invalid_text',
    '#/reason',
    'cancel',
    { customerId: 'C-1', disposition: 'paid_out', tender: 'cash', reason: 'x'.repeat(501) },
  ],
  [
    'invalid_text',
    '#/reason',
    'cancel',
    { customerId: 'C-1', disposition: 'paid_out', tender: 'cash', reason: '\ud800' },
  ],
  ['invalid_text', '#/reason', 'extend', { customerId: 'C-1', expiresAt: null, reason: 'two\nlines' }],
  ['invalid_text', '#/notes', 'issue', { ...aDeposit, notes: 'a\u001bb' }],
  ['invalid_text', '#/message', 'give', { ...gift, message: 'a\u009fb' }],
  ['malformed_request', '#/disposition', 'cancel', { customerId: 'C-1', disposition: 'burnt', reason: 'x' }],
  ['malformed_request', '#/type', 'issue', { ...aDeposit, type: 'special' }],
  ['unknown_field', '#/discount', 'apply', { ...spending, discount: 1 }],
  ['unknown_field', '#/a~1b~0c', 'apply', { ...spending, 'a/b~c': 1 }],
  ['malformed_request', '#', 'apply', []],

  ['empty_basket', '#/lines', 'apply', { ...spending, lines: [] }],
  ['empty_basket', '#/lines', 'quote', { ...basket, lines: [] }],
  ['empty_basket', '#/lines', 'hold', { ...sale, lines: [] }],
  ['too_many_lines', '#/lines', 'quote', { ...basket, lines: Array(501).fill(line) }],
  ['too_many_lines', '#/lines', 'settle', { ...sale, lines: Array(501).fill(line) }],
  ['missing_field', '#/lines', 'settle', { ...sale, lines: undefined }],
  ['malformed_request', '#/lines', 'settle', { ...sale, lines: 'all' }],
  ['invalid_amount', '#/lines/0/amountMinor', 'settle', { ...sale, lines: [{ ...line, amountMinor: 0 }] }],
  ['invalid_amount', '#/lines/1/amountMinor', 'quote', { ...basket, lines: [line, { ...line, amountMinor: -5 }] }],
  ['mixed_currencies', '#/lines', 'settle', { ...sale, lines: [line, { ...line, currency: 'USD' }] }],
  ['mixed_currencies', '#/lines', 'quote', { ...basket, lines: [{ ...line, currency: 'USD' }] }],
  ['no_payments', '#/payments', 'hold', { ...sale, payments: [] }],
  ['no_payments', '#/payments', 'capture', { holdId: 'h', payments: [] }],
  ['missing_field', '#/holdId', 'capture', {}],
  ['missing_field', '#/heldUntil', 'capture', { holdId: 'h', keepRest: true }],
  ['missing_field', '#/keepRest', 'capture', { holdId: 'h', heldUntil: '2040-01-01T00:00:00Z' }],
  [
    'payment_named_twice',
    '#/payments',
    'hold',
    {
      ...sale,
      payments: [
        { reference, amountMinor: 1 },
        { reference, amountMinor: 2 },
      ],
    },
  ],
  [
    'payment_named_twice',
    '#/payments',
    'capture',
    {
      holdId: 'h',
      payments: [
        { reference, amountMinor: 1 },
        { reference, amountMinor: 2 },
      ],
    },
  ],
  ['exceeds_basket', '#/payments', 'settle', { ...sale, payments: [{ reference, amountMinor: 501 }] }],
  [
    'exceeds_basket',
    '#/payments',
    'hold',
    {
      ...sale,
      payments: [
        { reference, amountMinor: 500 },
        { reference: `${reference.slice(0, -1)}C`, amountMinor: 1 },
      ],
    },
  ],
  ['invalid_amount', '#/payments/0/amountMinor', 'settle', { ...sale, payments: [{ reference, amountMinor: 0 }] }],
  ['invalid_lifetime', '#/lifetimeMs', 'hold', { ...sale, lifetimeMs: 0 }],
  ['invalid_lifetime', '#/lifetimeMs', 'hold', { ...sale, lifetimeMs: 24 * 60 * 60 * 1000 + 1 }],
  ['invalid_lifetime', '#/lifetimeMs', 'settle', { ...sale, lifetimeMs: 'long' }],
  ['invalid_amount', '#/amountMinor', 'return', { currency: 'EUR', amountMinor: 0 }],
  ['empty_basket', '#/lines', 'return', { currency: 'EUR', lines: [] }],
  ['invalid_text', '#/reason', 'return', { currency: 'EUR', reason: 'x'.repeat(501) }],

  ['gift_to_self', '#/toCustomerId', 'give', { ...gift, toCustomerId: 'C-1' }],
  ['invalid_amount', '#/amountMinor', 'give', { ...gift, amountMinor: 0 }],
  ['invalid_text', '#/message', 'give', { ...gift, message: 'x'.repeat(2_001) }],
  ['missing_field', '#/toCustomerId', 'give', { ...gift, toCustomerId: undefined }],
];
