import type { Hands } from './shop.js';

/** What the pictures are of. */
export type Told = Readonly<Record<'emma' | 'prepayment' | 'luna' | 'lock' | 'sold' | 'toPayOut', string>>;

const [emma, mehmet, sofia, hannah, lars, james, olga, tom] = [
  'C-1001',
  'C-1002',
  'C-1003',
  'C-1004',
  'C-1005',
  'C-1006',
  'C-1007',
  'C-1008',
];
const [luna, alto, helmet, lock, bag] = ['LUNA-28', 'ALTO-21', 'HELM-04', 'LOCK-11', 'BAG-17'];
const generic = { type: 'generic' } as const;

/** A few weeks of a small shop: something of everything that the pages show. */
export async function playStory(hands: Hands): Promise<Told> {
  await names(hands);
  const prepayment = await emmasMoney(hands);
  const toPayOut = await whatEnded(hands);
  await whatIsHeldOrFrozen(hands);
  const sold = await soldAndPartlyReturned(hands);
  return { emma, prepayment, luna, lock, sold, toPayOut };
}

async function names({ addCustomer, nameProduct }: Hands): Promise<void> {
  await addCustomer(emma, 'Emma Schulz', '+49 40 555 0101');
  await addCustomer(mehmet, 'Mehmet Yıldız', '+49 40 555 0114');
  await addCustomer(sofia, 'Sofia Rossi');
  await addCustomer(hannah, 'Hannah Weber');
  await addCustomer(lars, 'Lars Petersen', '+49 40 555 0133');
  await addCustomer(james, 'James Carter');
  await addCustomer(olga, 'Olga Nowak', '+49 40 555 0127');
  await addCustomer(tom, 'Tom Becker');
  await nameProduct(luna, 'E-Bike Luna 28');
  await nameProduct(alto, 'Trekkingbike Alto');
  await nameProduct(helmet, 'Helm Aero M');
  await nameProduct(lock, 'U-Lock Steel');
  await nameProduct(bag, 'Bag Duo 20 l');
}

/** A deposit on one product, store credit that is used up, and a prepayment that two sales have used. */
async function emmasMoney({ issue, sell, day }: Hands): Promise<string> {
  const paid = { customerId: emma, funding: 'paid' } as const;
  const prepayment = await issue(40, {
    ...paid,
    scope: generic,
    purpose: 'prepayment',
    amountMinor: 15_000,
    tender: 'cash',
  });
  await issue(21, {
    ...paid,
    scope: { type: 'product_specific', productId: luna },
    purpose: 'deposit',
    amountMinor: 20_000,
    tender: 'card',
    validThrough: day(160),
    notes: 'Frame size M, collects it after the holidays',
  });
  const credit = await issue(50, {
    customerId: emma,
    scope: generic,
    purpose: 'store_credit',
    funding: 'return',
    receiptId: 'R-20350',
    amountMinor: 3_000,
  });
  await sell('settle', 'R-20417', {
    customerId: emma,
    lines: [{ productId: bag, amountMinor: 3_500 }],
    payments: [
      { reference: credit, amountMinor: 3_000 },
      { reference: prepayment, amountMinor: 500 },
    ],
  });
  await sell('settle', 'R-20418', {
    customerId: emma,
    lines: [{ productId: helmet, amountMinor: 8_990 }],
    payments: [{ reference: prepayment, amountMinor: 5_000 }],
  });
  return prepayment;
}

/** Used up, given to somebody, expired, cancelled; and one that will expire soon. */
async function whatEnded({ issue, tell, sell, giveTo, day }: Hands): Promise<string> {
  const paid = { scope: generic, funding: 'paid', purpose: 'prepayment' } as const;
  const given = await issue(60, { ...paid, customerId: hannah, amountMinor: 15_000, tender: 'bank_transfer' });
  const gift = { reference: given, customerId: hannah, toCustomerId: sofia, amountMinor: 5_000 };
  await giveTo({ ...gift, message: 'Happy birthday!' });
  const used = await issue(75, {
    customerId: lars,
    funding: 'paid',
    scope: { type: 'product_specific', productId: alto },
    purpose: 'deposit',
    amountMinor: 30_000,
    tender: 'cash',
    validThrough: day(105),
  });
  await sell('settle', 'R-20401', {
    customerId: lars,
    lines: [{ productId: alto, amountMinor: 129_900 }],
    payments: [{ reference: used, amountMinor: 30_000 }],
  });
  await issue(400, { ...paid, customerId: james, amountMinor: 3_000, tender: 'card', validThrough: day(-35) });
  const toPayOut = await issue(356, {
    ...paid,
    customerId: james,
    amountMinor: 8_000,
    tender: 'card',
    validThrough: day(9),
  });
  const credit = { scope: generic, purpose: 'store_credit', funding: 'return' } as const;
  const ended = await issue(33, { ...credit, customerId: lars, amountMinor: 4_500, receiptId: 'R-20322' });
  const reason = 'moved away, wanted the money in cash';
  await tell(ended, { kind: 'cancel', customerId: lars, disposition: 'paid_out', tender: 'cash', reason });
  return toPayOut;
}

/** Held for a sale that is not finished; frozen, and a gift that could not be given because of that. */
async function whatIsHeldOrFrozen({ issue, tell, sell, giveTo, day }: Hands): Promise<void> {
  const credit = { scope: generic, purpose: 'store_credit' } as const;
  const held = await issue(12, {
    ...credit,
    customerId: mehmet,
    funding: 'return',
    receiptId: 'R-20388',
    amountMinor: 5_990,
    validThrough: day(353),
  });
  await sell('hold', 'R-20421', {
    customerId: mehmet,
    lines: [{ productId: helmet, amountMinor: 8_990 }],
    payments: [{ reference: held, amountMinor: 5_990 }],
  });
  const frozen = await issue(30, { ...credit, customerId: olga, funding: 'goodwill', amountMinor: 2_500 });
  await tell(frozen, { kind: 'freeze', cause: 'staff', reason: 'Slip reported lost, wait for her call' });
  await giveTo({ reference: frozen, customerId: olga, toCustomerId: sofia, amountMinor: 1_000 });
}

/** A sale of two products, paid in part with a prepayment; one of them came back. */
async function soldAndPartlyReturned({ issue, sell }: Hands): Promise<string> {
  const saleId = 'R-20409';
  const reference = await issue(100, {
    customerId: tom,
    scope: generic,
    purpose: 'prepayment',
    funding: 'paid',
    amountMinor: 12_000,
    tender: 'bank_transfer',
  });
  await sell('settle', saleId, {
    customerId: tom,
    lines: [
      { productId: helmet, amountMinor: 8_990 },
      { productId: lock, amountMinor: 4_990 },
    ],
    payments: [{ reference, amountMinor: 9_000 }],
  });
  return saleId;
}
