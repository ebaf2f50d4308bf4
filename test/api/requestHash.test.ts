import { expect, test } from 'vitest';
import { hashOfRequest, type SentRequest } from '../../api/http/requestHash.js';

const reference = 'ACC-20261123-7KQ2M9XB';
const apply: SentRequest = {
  method: 'POST',
  path: `/v1/account-payments/${reference}/apply`,
  reference,
  body: { amountMinor: 100, saleId: 'S-1' },
};
const settle: SentRequest = {
  method: 'POST',
  path: '/v1/sales/gid%3A%2F%2Fshop%2F1/settle',
  reference: undefined,
  body: { currency: 'EUR', payments: [{ reference, amountMinor: 100 }] },
};
const typed = 'acc 20261123 7kq2m9xb';
const drawn = (reference: string) => ({ currency: 'EUR', payments: [{ reference, amountMinor: 100 }] });

test.each<[what: string, first: SentRequest, again: SentRequest]>([
  [
    'the reference in its address is typed otherwise',
    apply,
    { ...apply, path: `/v1/account-payments/${encodeURIComponent(typed)}/apply`, reference: typed },
  ],
  ['a reference in its body is', settle, { ...settle, body: drawn(typed) }],
  ['less of its address is escaped', settle, { ...settle, path: '/v1/sales/gid:%2F%2Fshop%2F1/settle' }],
  ['escapes are written small', settle, { ...settle, path: '/v1/sales/gid%3a%2f%2fshop%2f1/settle' }],
  ['fields come in another order', apply, { ...apply, body: { saleId: 'S-1', amountMinor: 100 } }],
])('a request is the same when %s', (_, first, again) => {
  expect(hashOfRequest(again)).toBe(hashOfRequest(first));
});

test.each<[what: string, first: SentRequest, another: SentRequest]>([
  ['amount', apply, { ...apply, body: { amountMinor: 101, saleId: 'S-1' } }],
  ['call', apply, { ...apply, path: apply.path.replace('apply', 'refund') }],
  ['sale', settle, { ...settle, path: '/v1/sales/gid%3A%2F%2Fshop%2F2/settle' }],
  ['payment', settle, { ...settle, body: drawn('ACC-20261123-7KQ2M9XC') }],
  ['field, though it says what would be taken anyway', apply, { ...apply, body: { ...Object(apply.body), lines: [] } }],
  ['word that only looks like a reference', apply, { ...apply, body: { amountMinor: 100, saleId: 's-1' } }],
  [
    'address whose escape is none',
    { ...settle, path: '/v1/sales/%zz/settle' },
    { ...settle, path: '/v1/sales/%zy/settle' },
  ],
])('a request is another one with another %s', (_, first, another) => {
  expect(hashOfRequest(another)).not.toBe(hashOfRequest(first));
});
