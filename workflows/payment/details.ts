import { availableOf, balanceOf, heldOf } from '../../domain/payment/payment.js';
import { formatMoney } from '../../domain/money.js';
import type { RecentCommand, State } from '../../domain/payment/state.js';

/** Markdown for the workflow's page in Temporal's UI: what an operator asks first. */
export function detailsOf({ payment, books, outbox, recent }: State, nowMs: number): string {
  const { terms, standing } = payment;
  const money = (amountMinor: number) => formatMoney(amountMinor, terms.currency);
  const ended = 'endedBalanceMinor' in standing ? ` (${money(standing.endedBalanceMinor)} when it ended)` : '';
  const frozen = payment.frozen.length > 0 ? `, **frozen** (${payment.frozen.join(', ')})` : '';
  return [
    `**${money(balanceOf(payment))}** left of ${money(terms.amountMinor)}${ended}, **${standing.status}**${frozen}`,
    '',
    `- available ${money(availableOf(payment, nowMs))}, held ${money(heldOf(payment))}`,
    `- expires ${payment.expiresAt ?? 'never'}`,
    `- revision ${payment.revision}, ${outbox.length} waiting to be recorded`,
    ...(books === 'behind' || books === 'differ' ? [`- **the books ${saying[books]}**: nothing is overwritten`] : []),
    '',
    '| revision | command | amount | sale or payment | outcome | by |',
    '| --- | --- | --- | --- | --- | --- |',
    ...recent.toReversed().map((record) => row(record, money)),
  ].join('\n');
}

const saying = { behind: 'miss something of this payment', differ: 'say otherwise' } as const;

function row({ revision, kind, movement, outcome, by }: RecentCommand, money: (amountMinor: number) => string): string {
  const amount = movement ? money(movement.amountMinor) : '';
  const sender = by.staffId === undefined ? by.caller : `${by.caller} for ${by.staffId}`;
  return `| ${revision} | ${kind} | ${amount} | ${movement?.saleId ?? movement?.counterpart ?? ''} | ${outcome} | ${sender} |`;
}
