import { findLawFacts } from '../../db/law/lawFacts.js';
import { whileAway, within } from '../../db/outage.js';
import { notedOf, warningsOf, type Warning } from '../../domain/law/decision.js';
import { judge } from '../../domain/law/judge.js';
import { hasEndedBy } from '../../domain/payment/payment.js';
import type { ReturnView } from '../../domain/sale/sale.js';
import { replacementExpiry, type Shop } from '../../domain/shop.js';
import type { Parts } from '../parts.js';

const PATIENCE_MS = 1_000;

/**
 * What the law has to say of what a return issues in place of payments that have ended, or would issue. It is told and
 * never in the way: the goods are back, and the customer is to have the money. Nothing while the books are away.
 */
export async function warningsOfReturn(parts: Parts, shop: Shop, back: ReturnView): Promise<readonly Warning[]> {
  const given = back.returned.filter(({ amountMinor }) => amountMinor > 0);
  const ofEach = back.at === null ? ofPreviewed : ofIssued;
  const told = await Promise.all(given.map((each) => ofEach(parts, shop, each))).catch(whileAway([]));
  return onePerRule(told.flat());
}

type Given = ReturnView['returned'][number];

async function ofPreviewed({ sql, now }: Parts, shop: Shop, { reference }: Given): Promise<readonly Warning[]> {
  const expiresAt = replacementExpiry(shop, now());
  // What has no end ends too early nowhere.
  if (expiresAt === null) return [];
  const source = await within(PATIENCE_MS, findLawFacts(sql, reference));
  if (!source || !hasEndedBy(now(), source)) return [];
  return warningsOf(notedOf(judge({ kind: 'issue', expiresAt }, source, { nowMs: now(), calendar: shop.calendar })));
}

async function ofIssued({ sql, now }: Parts, { calendar }: Shop, { replacement }: Given): Promise<readonly Warning[]> {
  const issued = replacement === null ? undefined : await within(PATIENCE_MS, findLawFacts(sql, replacement));
  if (!issued) return [];
  return warningsOf(notedOf(judge({ kind: 'issue', expiresAt: issued.expiresAt }, issued, { nowMs: now(), calendar })));
}

/** Of several the one that asks for the longest. */
function onePerRule(warnings: readonly Warning[]): readonly Warning[] {
  const rules = new Map<string, Warning>();
  for (const warning of warnings) {
    const before = rules.get(warning.rule);
    if (!before || (warning.leastValidThrough ?? '') > (before.leastValidThrough ?? ''))
      rules.set(warning.rule, warning);
  }
  return [...rules.values()];
}
