import { parse, type HTMLElement } from 'node-html-parser';
import { recordBatch } from '../../../db/payment/record.js';
import { handle } from '../../../domain/payment/handle.js';
import type { Command, Issue } from '../../../domain/payment/command.js';
import { instantOf } from '../../../domain/instants.js';
import { recorded } from '../../domain/payment/build.js';
import type { Shop } from '../../support/shop.js';

export type Happened = readonly [at: string | number, command: Command];

/** Writes a payment of this shop into the books, with what happened to it and when, as its actor would have. */
export async function book(
  { sql, shopId }: Shop,
  terms: Partial<Issue> & Pick<Issue, 'reference' | 'customerId'>,
  happened: readonly Happened[] = [],
): Promise<void> {
  const by = { caller: 'till-1', shopId };
  const state = recorded({ by, expiresAt: null, ...terms });
  for (const [at, command] of happened) {
    const answer = handle(state, { ...command, by, customerId: terms.customerId } as Command, timeOf(at));
    if (answer.outcome !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(answer)}`);
  }
  await recordBatch(sql, { terms: state.payment.terms, records: state.outbox }, 'run');
}

function timeOf(at: string | number): number {
  return typeof at === 'number' ? at : Date.parse(at);
}

export function daysAgo(days: number): number {
  return Date.now() - days * 86_400_000;
}

export const instantAgo = (days: number): string => instantOf(daysAgo(days));

/** What stands in a part of a page, with a blank between its parts. */
export function wordsOf(part: HTMLElement): string {
  return parse(part.innerHTML.replaceAll('<', ' <')).text.replace(/\s+/g, ' ').trim();
}
