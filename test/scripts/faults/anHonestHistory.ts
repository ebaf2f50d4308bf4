import type { Books, Call, History, Order } from '../../../scripts/faults/check/history.js';

export const [PAID, HELD, GIFTED] = ['ACC-PAID', 'ACC-HELD', 'ACC-GIFTED'] as const;

type Told = {
  readonly n: number;
  readonly call: Call;
  readonly order?: Partial<Order>;
  readonly told: object;
  readonly status?: number;
};

/**
 * What honest tills and honest books say: a payment of 1,000, of which a sale takes 300 and gives back 100, another is
 * refused 5,000, a hold of 150 is captured, 50 are given away, and it is frozen; and one on which 40 stay held after a
 * settlement of 60. A till that wants the gift to last longer is refused, and one that holds 5 of it lets go again.
 */
export function anHonestHistory(): History {
  const orders = [
    order({ n: 1, call: 'issue', told: { payment: payment(PAID, 1) }, order: { body: { amountMinor: 1_000 } } }),
    order({ n: 2, call: 'apply', told: used(2, 'apply', 300, 1_000, 2), order: ofSale('S-1', 300) }),
    order({ n: 3, call: 'refund', told: used(3, 'refund', -100, 700, 3), order: ofSale('S-1', 100) }),
    order({ n: 4, call: 'apply', status: 409, told: refused, order: ofSale('S-9', 5_000) }),
    order({ n: 5, call: 'hold', told: { hold: { holdId: 'H-5' } }, order: drawing('S-2', [[PAID, 150]]) }),
    order({ n: 6, call: 'capture', told: {}, order: { saleId: 'S-2', body: { holdId: 'H-5' } } }),
    order({ n: 8, call: 'gift', told: given, order: { reference: PAID, body: { reference: PAID, amountMinor: 50 } } }),
    order({ n: 7, call: 'freeze', told: { movement: null, payment: payment(PAID, 9) }, order: { reference: PAID } }),
    order({ n: 9, call: 'issue', told: { payment: payment(HELD, 1) }, order: { body: { amountMinor: 100 } } }),
    order({ n: 10, call: 'settle', told: {}, order: drawing('S-4', [[HELD, 60]]) }),
    order({ n: 11, call: 'hold', told: { hold: { holdId: 'H-11' } }, order: drawing('S-5', [[HELD, 40]]) }),
    order({ n: 12, call: 'settle', told: { payment: payment(GIFTED, 3) }, order: drawing('S-3', [[GIFTED, 10]]) }),
    order({ n: 13, call: 'extend', status: 409, told: { code: 'expires_at_not_later' }, order: { reference: GIFTED } }),
    order({ n: 14, call: 'hold', told: { hold: { holdId: 'H-14' } }, order: drawing('S-6', [[GIFTED, 5]]) }),
    order({ n: 15, call: 'release', told: {}, order: { saleId: 'S-6', body: { holdId: 'H-14' } } }),
  ];
  return { orders, books };
}

function order({
  n,
  call,
  order: more = {},
  told,
  status = call === 'issue' || call === 'gift' ? 201 : 200,
}: Told): Order {
  const mark = `R-${n}`;
  return {
    mark,
    caller: 'till-1',
    key: `K-${mark}`,
    call,
    path: `/${call}`,
    reference: null,
    saleId: null,
    body: {},
    ...more,
    tries: [{ sentAtMs: n * 100, heardAtMs: n * 100 + 50, status, replayed: 'first', body: { ...told } }],
  };
}

function payment(reference: string, revision: number) {
  return { reference, customerId: 'C-1', amountMinor: 1_000, issuedAt: '2026-11-29T10:00:00.000Z', revision };
}

function used(sequence: number, kind: string, amountMinor: number, beforeMinor: number, revision: number) {
  const balances = { balanceBeforeMinor: beforeMinor, balanceAfterMinor: beforeMinor - amountMinor };
  return {
    usage: { sequence, kind, commandId: `c-${revision}`, amountMinor, ...balances },
    payment: payment(PAID, revision),
  };
}

const refused = { code: 'insufficient_balance', payment: { ...payment(PAID, 4), availableMinor: 800 } };
const given = { gift: { giftId: 'G-8', toReference: GIFTED, amountMinor: 50 } };

function ofSale(saleId: string, amountMinor: number): Partial<Order> {
  return { reference: PAID, saleId, body: { saleId, amountMinor } };
}

function drawing(saleId: string, shares: readonly (readonly [string, number])[]): Partial<Order> {
  const payments = shares.map(([reference, amountMinor]) => ({ reference, amountMinor }));
  return { saleId, body: { payments } };
}

type Movement = Books['movements'][number];

function movement(
  of: Pick<Movement, 'reference' | 'sequence' | 'kind' | 'amountMinor' | 'balanceBeforeMinor'>,
  more: Partial<Movement>,
): Movement {
  return {
    commandId: '',
    saleId: null,
    counterpart: null,
    caller: 'till-1',
    staffId: null,
    movedAt: '2026-11-29T10:00:00.000Z',
    ...of,
    balanceAfterMinor: of.balanceBeforeMinor + of.amountMinor,
    ...more,
  };
}

function moved(
  reference: string,
  rows: readonly (readonly [mark: number, kind: string, amountMinor: number, revision: number, saleId?: string])[],
): Movement[] {
  let balanceBeforeMinor = 0;
  return rows.map(([mark, kind, amountMinor, revision, saleId = null], i) => {
    const row = movement(
      { reference, sequence: i + 1, kind, amountMinor, balanceBeforeMinor },
      { commandId: `c-${revision}`, staffId: `R-${mark}`, saleId },
    );
    balanceBeforeMinor = row.balanceAfterMinor;
    return row;
  });
}

type Decided = Partial<Books['commands'][number]>;

function decided(
  reference: string,
  rows: readonly (readonly [mark: number, kind: string, more?: Decided])[],
): Books['commands'] {
  return rows.map(([mark, kind, more], i) => ({
    reference,
    revision: i + 1,
    commandId: `c-${i + 1}`,
    kind,
    outcome: 'accepted',
    caller: 'till-1',
    staffId: `R-${mark}`,
    holdId: null,
    amountMinor: null,
    rest: 'let_go',
    cause: null,
    frozen: [],
    ...more,
  }));
}

const standing = { customerId: 'C-1', status: 'active', endedBalanceMinor: null, frozenCauses: [], expiresAt: null };
const payments: Books['payments'] = [
  {
    ...standing,
    reference: PAID,
    amountMinor: 1_000,
    balanceMinor: 600,
    heldMinor: 0,
    frozenCauses: ['staff'],
    revision: 9,
    lastSequence: 5,
    staffId: 'R-1',
  },
  {
    ...standing,
    reference: HELD,
    amountMinor: 100,
    balanceMinor: 40,
    heldMinor: 40,
    revision: 3,
    lastSequence: 2,
    staffId: 'R-9',
  },
  {
    ...standing,
    reference: GIFTED,
    amountMinor: 50,
    balanceMinor: 40,
    heldMinor: 0,
    revision: 6,
    lastSequence: 2,
    staffId: 'R-8',
  },
];

function soldOf(saleId: string, reference: string, takenMinor: number, givenBackMinor: number, heldMinor = 0) {
  return { saleId, missingMinor: 0, payments: [{ reference, heldMinor, takenMinor, givenBackMinor }] };
}

const books: Books = {
  payments,
  actors: payments.map(({ lastSequence: _, staffId: __, ...each }) => each),
  movements: [
    ...moved(PAID, [
      [1, 'issued', 1_000, 1],
      [2, 'applied', -300, 2, 'S-1'],
      [3, 'refunded', 100, 3, 'S-1'],
      [6, 'applied', -150, 6, 'S-2'],
      [8, 'gifted', -50, 8],
    ]),
    ...moved(HELD, [
      [9, 'issued', 100, 1],
      [10, 'applied', -60, 2, 'S-4'],
    ]),
    ...moved(GIFTED, [
      [8, 'issued', 50, 1],
      [12, 'applied', -10, 3, 'S-3'],
    ]),
  ],
  commands: [
    ...decided(PAID, [
      [1, 'issue'],
      [2, 'apply', { amountMinor: 300 }],
      [3, 'refund', { amountMinor: 100 }],
      [4, 'apply', { amountMinor: 5_000, outcome: 'insufficient_balance' }],
      [5, 'hold', { amountMinor: 150 }],
      [6, 'capture', { amountMinor: 150, holdId: 'c-5' }],
      [8, 'hold', { amountMinor: 50 }],
      [8, 'capture', { amountMinor: 50, holdId: 'c-7' }],
      [7, 'freeze', { cause: 'staff' }],
    ]),
    ...decided(HELD, [
      [9, 'issue'],
      [10, 'apply', { amountMinor: 60 }],
      [11, 'hold', { amountMinor: 40 }],
    ]),
    ...decided(GIFTED, [
      [8, 'issue', { frozen: ['gift'] }],
      [8, 'thaw', { cause: 'gift' }],
      [12, 'apply', { amountMinor: 10 }],
      [13, 'extend', { outcome: 'expires_at_not_later' }],
      [14, 'hold', { amountMinor: 5 }],
      [15, 'release', { holdId: 'c-5' }],
    ]),
  ],
  sales: [
    soldOf('S-1', PAID, 300, 100),
    soldOf('S-2', PAID, 150, 0),
    soldOf('S-4', HELD, 60, 0),
    soldOf('S-5', HELD, 0, 0, 40),
    soldOf('S-3', GIFTED, 10, 0),
    soldOf('S-6', GIFTED, 0, 0),
  ],
  conflicts: [],
  unproven: [],
  readAtMs: Date.parse('2026-11-29T11:00:00.000Z'),
};
