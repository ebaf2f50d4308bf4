import type { By, Command, FreezeCause, Issue } from '../../../domain/payment/command.js';
import { stateAtIssue } from '../../../domain/payment/issue.js';
import { handle } from '../../../domain/payment/handle.js';
import { instantOf } from '../../../domain/instants.js';
import type { State } from '../../../domain/payment/state.js';

export const NOW = Date.parse('2026-11-23T10:00:00Z');
export const DAY_MS = 86_400_000;
export const by: By = { caller: 'till-1', shopId: 'main' };

/** The sale that spends, unless said. */
export const S = { saleShopId: 'main', saleId: 'S' };

/** 100.00 EUR of customer C, generic, until tomorrow. */
export function issue(overrides: Partial<Issue> = {}): Issue {
  return {
    kind: 'issue',
    commandId: 'issue',
    by,
    reference: 'ACC-20261123-00000000',
    customerId: 'C',
    scope: { type: 'generic' },
    purpose: 'deposit',
    amountMinor: 10_000,
    currency: 'EUR',
    issuedAt: instantOf(NOW),
    expiresAt: instantOf(NOW + DAY_MS),
    rules: 2,
    funding: { kind: 'paid', tender: 'cash' },
    taxPoint: 'redemption',
    ...overrides,
  };
}

type Of<Kind extends Command['kind']> = Partial<Extract<Command, { kind: Kind }>>;

export const apply = (commandId: string, amountMinor: number, overrides: Of<'apply'> = {}): Command => ({
  kind: 'apply',
  commandId,
  by,
  customerId: 'C',
  amountMinor,
  currency: 'EUR',
  ...S,
  ...overrides,
});
export const refund = (commandId: string, amountMinor: number, overrides: Of<'refund'> = {}): Command => ({
  kind: 'refund',
  commandId,
  by,
  customerId: 'C',
  amountMinor,
  currency: 'EUR',
  ...S,
  ...overrides,
});
export const hold = (commandId: string, amountMinor: number, overrides: Of<'hold'> = {}): Command => ({
  kind: 'hold',
  commandId,
  by,
  customerId: 'C',
  amountMinor,
  currency: 'EUR',
  ...S,
  lifetimeMs: 60_000,
  ...overrides,
});
export const capture = (
  commandId: string,
  holdId: string,
  amountMinor: number,
  overrides: Of<'capture'> = {},
): Command => ({
  kind: 'capture',
  commandId,
  by,
  holdId,
  ...S,
  amountMinor,
  ...overrides,
});
/** A hold for a gift, and its capture. */
export const give = (commandId: string, amountMinor: number, overrides: Of<'hold'> = {}): Command => ({
  kind: 'hold',
  commandId,
  by,
  customerId: 'C',
  amountMinor,
  currency: 'EUR',
  giftId: 'T',
  lifetimeMs: 60_000,
  ...overrides,
});
export const givenAway = (commandId: string, holdId: string, amountMinor: number): Command => ({
  kind: 'capture',
  commandId,
  by,
  holdId,
  amountMinor,
  giftId: 'T',
  counterpart: 'ACC-20261123-G0000000',
});
export const release = (commandId: string, holdId: string): Command => ({
  kind: 'release',
  commandId,
  by,
  holdId,
  cause: 'asked',
});
export const cancel = (commandId: string, overrides: Of<'cancel'> = {}): Command => ({
  kind: 'cancel',
  commandId,
  by,
  customerId: 'C',
  disposition: 'paid_out',
  tender: 'cash',
  reason: 'cash',
  ...overrides,
});
export const payOut = (commandId: string, amountMinor: number, overrides: Of<'payOut'> = {}): Command => ({
  kind: 'payOut',
  commandId,
  by,
  customerId: 'C',
  amountMinor,
  currency: 'EUR',
  tender: 'cash',
  reason: 'asked',
  ...overrides,
});
export const freeze = (commandId: string, cause: FreezeCause = 'staff'): Command => ({
  kind: 'freeze',
  commandId,
  by,
  cause,
  reason: 'suspicious',
});
export const thaw = (commandId: string, cause: FreezeCause = 'staff'): Command => ({
  kind: 'thaw',
  commandId,
  by,
  cause,
  reason: 'looked into',
});
export const expire = (commandId: string): Command => ({
  kind: 'expire',
  commandId,
  by,
  cause: 'asked',
  reason: 'agreed',
});
export const extend = (commandId: string, expiresAt: string | null): Command => ({
  kind: 'extend',
  commandId,
  by,
  customerId: 'C',
  expiresAt,
  reason: 'goodwill',
});

/** A payment whose issue the books have. */
export function recorded(terms: Partial<Issue> = {}): State {
  const state = stateAtIssue(issue(terms));
  state.books = 'agree';
  return state;
}

/** A payment to which all of these have happened, one after the other, at `NOW`. */
export function after(commands: Command[], terms: Partial<Issue> = {}): State {
  const state = recorded(terms);
  for (const command of commands) handle(state, command, NOW);
  return state;
}
